"""Where answers run, apart from checks and expected values.

====================  =================================================================
``worker_pool``       workers, forked from the `zygote` or started (`processes`)
``zygote``            a process with the libraries loaded, forked for each submission
``warm_up``           the libraries that it loads and prepares
``worker``            loads the answers of a notebook and calls them
``levels``            what a worker may do: `namespaces`, `call_rules` (by `syscalls`), `resources`
``protocol``          messages between processes: JSON and raw arrays, never pickle
``remote``            a `Student` for the checks, behind a channel
``reference_server``  references that later stages of an answer may use
====================  =================================================================
"""
