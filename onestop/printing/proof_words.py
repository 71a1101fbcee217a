"""What people compare aloud, beside the square code that proves a paper."""

from onestop.domain.proof import read_proof
from onestop.errors import InputError


def proof_words(proof: str) -> str:
    """`Số kiểm tra: 482 917`; empty for a square that holds something else."""
    try:
        return f"Số kiểm tra: {read_proof(proof).check}"
    except InputError:
        return ""
