"""``audiocourse lab``: JupyterLab from this environment, on the student's work folder."""

import errno
import os
import secrets
import socket
import sys
import sysconfig
import threading
import time
import webbrowser
from pathlib import Path

from audiocourse.files import why_not_writable
from audiocourse.processes import follow

START_PAGE = "lab/tree/00_start_here.ipynb"
FIRST_PORT = 8888
PORTS_TRIED = 50
HOST = "localhost"
LAB_CONFIG = Path(__file__).with_name("jupyter")  # how JupyterLab looks, and that it asks nothing on its first start
PATIENCE_S = 10.0  # JupyterLab now and then stays in its own shutdown for ever, waiting for a worker thread


def launch(*, port: int | None, browser: bool, root: Path, work: Path) -> int:
    """Start JupyterLab on the start page, print its address in one line and stay until it ends.

    Parameters
    ----------
    port : int or None
        The port to serve on; None takes the first free one from 8888 on.
    browser : bool
        Whether to open the address in a browser. On a machine without one it is printed only.
    root : Path
        The course; kernels find it as ``AUDIOCOURSE_HOME``.
    work : Path
        The student's folder, which JupyterLab shows.

    Returns
    -------
    int
        JupyterLab's exit code; 1 where ``work`` cannot be written and 2 where ``port`` is taken, with one sentence on
        stderr.
    """
    if problem := why_not_writable(work):
        print(f"audiocourse: {problem}", file=sys.stderr)
        return 1
    if port is not None and not is_free(port):
        other = (
            f"take another one, for example --port {free_port(port)}"
            if 0 < port < 65536
            else "take one from 1024 to 65535"
        )
        print(f"audiocourse: port {port} is in use or not allowed: {other}.", file=sys.stderr)
        return 2
    port = port or free_port(FIRST_PORT)
    token = secrets.token_hex(24)
    opens = browser and has_browser()
    ended = threading.Event()
    announcer = threading.Thread(target=_announce, args=(port, token, opens, ended), daemon=True)
    announcer.start()
    try:
        return follow(
            command(port=port, browser=opens, work=work),
            environment=environment(root=root, work=work, token=token),
            kill_after=PATIENCE_S,
        )
    finally:
        ended.set()
        announcer.join()


def command(*, port: int, browser: bool, work: Path) -> list[str]:
    """Write out the command line of JupyterLab: quiet, no news, no question on Ctrl-C, no secret in it."""
    options = {
        "ServerApp.root_dir": work.resolve(),
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,  # the address is already known: better to fail than to be elsewhere
        "ServerApp.open_browser": browser,
        "ServerApp.use_redirect_file": False,  # browsers in a snap or flatpak cannot read that file
        "ServerApp.answer_yes": True,
        "Application.log_level": "WARN",
        "LabApp.default_url": f"/{START_PAGE}",
        "LabApp.news_url": None,
        "LabApp.custom_css": True,
        "ServerApp.tornado_settings": f"static_custom_path={LAB_CONFIG / 'custom'}",  # else that of the home folder
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    words = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    return [*words, "--allow-root"] if _is_root() else words


def environment(*, root: Path, work: Path, token: str) -> dict[str, str]:
    """Prepare JupyterLab's environment variables: terminals and kernels meet this environment's programs first."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    config = os.pathsep.join(filter(None, [str(LAB_CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")]))
    return {
        **os.environ,
        "AUDIOCOURSE_HOME": str(root.resolve()),
        "JUPYTER_CONFIG_PATH": config,
        "JUPYTERLAB_WORKSPACES_DIR": str(
            work.resolve() / ".workspaces"
        ),  # open tabs belong to this clone, not to the home
        "JUPYTER_PREFER_ENV_PATH": "1",  # else a "python3" kernel in the home folder takes the place of ours
        "JUPYTER_TOKEN": token,  # not on the command line, which every user of the machine can read
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "PATH": path,
    }


def address(port: int, token: str) -> str:
    """Name the start page's address with its token."""
    return f"http://{HOST}:{port}/{START_PAGE}?token={token}"


def is_free(port: int) -> bool:
    """Whether a server can listen on the port, on each kind of address that ``localhost`` stands for."""
    if not 0 < port < 65536:
        return False
    try:
        for family, kind, _, _, place in socket.getaddrinfo(HOST, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as server:
                if os.name != "nt":  # there the option would allow a second server on the same port
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind(place)
    except OSError as error:
        return error.errno not in {errno.EADDRINUSE, errno.EACCES}  # others: a machine without IPv6
    return True


def free_port(first: int) -> int:
    """Find a free port from ``first`` on, anywhere where the next ones are all taken."""
    candidates = range(first, min(first + PORTS_TRIED, 65536))
    if port := next(filter(is_free, candidates), None):
        return port
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def has_browser() -> bool:
    """Whether a browser with a window can open; one that draws in the terminal cannot show JupyterLab."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys():
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _announce(port: int, token: str, opens: bool, ended: threading.Event) -> None:
    """Print the address as soon as the server answers, so that it is not shown before it works."""
    while not ended.is_set():
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        lead = "the course opens in your browser" if opens else "open this address in a browser"
        print(f"audiocourse: {lead} (Ctrl-C stops it): {address(port, token)}", flush=True)
        return


def _is_root() -> bool:
    """Whether this runs as root, which JupyterLab refuses unless told so."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
