"""moto's server with the waits between retries shortened, as SFN_WAIT_SCALE does for the local engine: so the machine
under test is the very text that is deployed, with all its attempts and delays. Arguments: scale, then moto's own."""

import sys
import time
import types

from moto.server import main
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl

if __name__ == "__main__":
    scale, *arguments = sys.argv[1:]
    retrier_decl.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(seconds * float(scale)))
    main(arguments)
