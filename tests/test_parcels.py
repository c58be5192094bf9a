"""What goes from process to process arrives as it was, and no more is sent than is asked for."""

from io import BytesIO

import numpy as np
import pytest
import torch

from lib import parcels


def there(said):
    """What arrives at the other end of a pipe."""
    pipe = BytesIO()
    parcels.send(pipe, parcels.pack(said))
    pipe.seek(0)
    arrived = parcels.unpack(parcels.receive(pipe))
    assert pipe.read() == b""
    return arrived


@pytest.mark.parametrize(
    "tensor",
    [
        torch.randn(3, 4),
        torch.arange(6).view(2, 3).T,
        torch.randn(1).expand(3, 2),
        torch.randn(5)[2:4],
        torch.empty(0, 3),
        torch.tensor(7),
        torch.randn(2).to(torch.bfloat16),
        torch.tensor([True, False]),
    ],
    ids=["whole", "turned", "spread", "part", "empty", "number", "short", "truth"],
)
def test_a_tensor_arrives_and_can_be_written_to(tensor):
    arrived = there({"it": [tensor]})["it"][0]
    assert arrived.dtype == tensor.dtype
    assert torch.equal(arrived, tensor)
    arrived.zero_()
    with torch.inference_mode():
        assert torch.equal(there(tensor + 0), tensor)


def test_what_has_a_gradient_keeps_it():
    assert there(torch.ones(2, requires_grad=True)).requires_grad
    assert isinstance(there(torch.nn.Parameter(torch.ones(2))), torch.nn.Parameter)


def test_one_thing_sent_twice_is_one_thing():
    tensor, array = torch.randn(3), np.arange(3.0)
    first, second, third, fourth = there([tensor, tensor, array, array])
    assert first is second
    assert third is fourth
    assert (third == array).all()


def test_of_a_part_only_the_part_is_sent():
    part = torch.zeros(100_000)[:10]
    assert sum(piece.nbytes for piece in parcels.pack(part)) < 1000


def test_half_a_parcel_is_none():
    pipe = BytesIO()
    parcels.send(pipe, parcels.pack(np.arange(100)))
    for length in (0, 3, 20, len(pipe.getvalue()) - 1):
        with pytest.raises(EOFError):
            parcels.receive(BytesIO(pipe.getvalue()[:length]))
