"""Processes: starting and ending them by pid, and what they used of the machine, from /proc."""
import glob, os, signal, socket, subprocess, time, urllib.request

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, seconds=60):
    """Until something answers there, whatever it says."""
    end = time.time() + seconds
    while time.time() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers on {url} after {seconds} s")


class Processes:
    """What this run has started, ended again in any case."""

    def __init__(self, folder):
        self.folder = folder
        self.running = {}
        os.makedirs(folder, exist_ok=True)

    def start(self, name, command, environment=None, cwd=None):
        with open(os.path.join(self.folder, name + ".log"), "wb") as log:
            process = subprocess.Popen(
                command, env={**os.environ, **(environment or {})}, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        self.running[name] = process
        return process.pid

    def log(self, name):
        with open(os.path.join(self.folder, name + ".log"), errors="replace") as log:
            return log.read()[-2000:]

    def check(self):
        for name, process in self.running.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended by itself (status {process.returncode}):\n{self.log(name)}")

    def stop(self, name):
        process = self.running.pop(name, None)
        if not process or process.poll() is not None:
            return
        # Children too: what a worker process is to a peer.
        group = [pid for pid in tree(process.pid)]
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        for pid in group:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stop_all(self):
        for name in list(self.running):
            self.stop(name)


def stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        text = file.read()
    return text[text.rindex(")") + 2:].split()


def tree(root):
    """The process and all below it."""
    children, found, todo = {}, [], [root]
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            children.setdefault(int(stat(folder[6:])[1]), []).append(int(folder[6:]))
        except (OSError, ValueError):
            pass
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def processor_seconds(root):
    """User and system time of a process tree, ended children included."""
    ticks = 0
    for pid in tree(root):
        try:
            ticks += sum(int(field) for field in stat(pid)[11:15])
        except OSError:
            pass
    return ticks / TICK


def memory(root):
    """Proportional set size of a process tree in MiB."""
    kilobytes = 0
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                kilobytes += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return round(kilobytes / 1024, 1)
