#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: a Python with what the course needs, in the tested versions.
set -euo pipefail

root="${AUTOGRADER_ROOT:-/autograder}"
venv="${AUTOGRADER_VENV:-/opt/audiocourse/venv}"
user="${AUTOGRADER_USER:-nobody}"
course="$root/source/course"
export DEBIAN_FRONTEND=noninteractive UV_PYTHON_INSTALL_DIR="${venv%/*}/python"

apt-get update
apt-get install -y --no-install-recommends ca-certificates python3-venv

# uv takes a Python 3.11 or newer that is there, or fetches one: Ubuntu's own may be older.
python3 -m venv "${venv%/*}/uv"
"${venv%/*}/uv/bin/pip" install --upgrade pip
"${venv%/*}/uv/bin/pip" install --constraint "$course/constraints.txt" uv
"${venv%/*}/uv/bin/uv" venv --python ">=3.11,<3.14" "$venv"

# torch for answers that use it: its CPU build, a tenth of PyPI's, from PyTorch's own index where that can be reached.
install=("${venv%/*}/uv/bin/uv" pip install --python "$venv/bin/python" --only-binary :all:)
mapfile -t torch < <(grep -E '^torch(audio)?==' "$course/constraints.txt")
"${install[@]}" --no-deps --index-url https://download.pytorch.org/whl/cpu "${torch[@]}" ||
    echo "PyTorch's own index cannot be reached: PyPI's build of torch is taken, which is large."
"${install[@]}" --constraint "$course/constraints.txt" --requirement "$course/pyproject.toml" "${torch[@]}"

# Answers run as an ordinary user, who must be able to read the course and to keep what librosa compiles.
chmod a+rx "$root" "$root/source"
chmod -R a+rX "$course"
"$venv/bin/python" -m compileall -q "$course/audiocourse"
install -d -o "$user" "$root/home"
cd /
runuser -u "$user" -- env HOME="$root/home" OMP_NUM_THREADS=1 PYTHONPATH="$course" \
    "$venv/bin/python" -P -c "from audiocourse.teach.grading.sandbox.warm_up import COMPILED, prepare, warm_up; warm_up(); prepare(COMPILED)"
