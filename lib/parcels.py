"""What two processes of this program send each other through a pipe: pickled, the arrays' memory as it is.

    parcels.send(stream, parcels.pack(said))
    said = parcels.unpack(parcels.receive(stream))

pickle by itself writes a tensor through a zip archive, with all of the storage that it may be a small part of, and
copies it three times with Python's lock held; out of band (PEP 574) it goes from its memory into the pipe.
"""

import pickle
import struct
import sys
from io import BytesIO
from typing import IO, Any

Parcel = list[memoryview]  # the pickle, then the memory of its arrays
COUNT, LENGTH = struct.Struct("<I"), struct.Struct("<Q")


class _Pickler(pickle.Pickler):
    """Pickles a tensor as the array that it is."""

    def reducer_override(self, thing: Any) -> Any:
        """Return how to make a plain tensor anew; of all else pickle knows."""
        torch: Any = sys.modules.get("torch")  # a server's first page comes before it
        if torch is None or type(thing) is not torch.Tensor or thing.requires_grad or thing.dtype is torch.bfloat16:
            return NotImplemented
        return torch.from_numpy, (thing.numpy(),)


def pack(said: Any) -> Parcel:
    """Pickle; raises as `pickle.dumps`."""
    inside, outside = BytesIO(), list[pickle.PickleBuffer]()
    _Pickler(inside, protocol=5, buffer_callback=outside.append).dump(said)
    return [inside.getbuffer(), *(buffer.raw() for buffer in outside)]


def unpack(parcel: Parcel) -> Any:
    """Return what was packed, whose arrays have the parcel's memory; raises as `pickle.loads`."""
    return pickle.loads(parcel[0], buffers=parcel[1:])


def send(stream: IO[bytes], parcel: Parcel) -> None:
    """Write a parcel; OSError if nobody reads it."""
    stream.write(COUNT.pack(len(parcel)) + b"".join(LENGTH.pack(part.nbytes) for part in parcel))
    for part in parcel:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Parcel:
    """Read a parcel, whatever is in it; EOFError if there is none, or only a part of one."""
    (count,) = COUNT.unpack(_read(stream, COUNT.size))
    lengths = [LENGTH.unpack(_read(stream, LENGTH.size))[0] for _ in range(count)]
    return [_read(stream, length) for length in lengths]


def _read(stream: IO[bytes], count: int) -> memoryview:
    part = memoryview(bytearray(count))
    if stream.readinto(part) < count:  # type: ignore[attr-defined]
        raise EOFError
    return part
