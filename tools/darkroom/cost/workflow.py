"""The same photos through a Standard workflow, as Darkroom's is, and through an Express one."""
import math
from dataclasses import dataclass

from darkroom.cost.photo import ASSUMED, WORKERS, Load, billed_ms, transitions
from darkroom.cost.prices import usd

EXPRESS_CHUNK_MB, EXPRESS_CHUNK_MS = 64, 100  # memory and duration are rounded up to these


@dataclass(frozen=True)
class Workflows:
    standard: float
    express: float


def express_gb_s(original_mb: float) -> float:
    """Of one execution: its workers, and the time between its states."""
    states = transitions() - 1
    took = sum(billed_ms(worker, original_mb) for worker in WORKERS) + states * ASSUMED["between_states_ms"]
    chunks = math.ceil(took / EXPRESS_CHUNK_MS)
    memory = math.ceil(ASSUMED["express_memory_mb"] / EXPRESS_CHUNK_MB) * EXPRESS_CHUNK_MB
    return chunks * EXPRESS_CHUNK_MS / 1000 * memory / 1024


def workflows(load: Load) -> Workflows:
    return Workflows(
        standard=usd("transition", load.photos * transitions()),
        express=usd("express_request", load.photos) + usd("express_gb_s", load.photos * express_gb_s(load.mb)),
    )
