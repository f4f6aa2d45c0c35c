"""What this machine must have, said in one line each, with the mend."""
import shutil
import socket

from darkroom.console import Failure

NEEDED = {
    "cargo": "Rust is needed to build the Lambdas. Mend: install rustup, https://rustup.rs",
    "cc": "A C compiler is needed by Rust's linker. Mend: apt-get install gcc (macOS: xcode-select --install)",
    "terraform": "Terraform 1.10 or newer is needed. Mend: https://developer.hashicorp.com/terraform/install",
}


def tools() -> None:
    missing = [line for tool, line in NEEDED.items() if shutil.which(tool) is None]
    if missing:
        raise Failure("\n       ".join(missing))


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
