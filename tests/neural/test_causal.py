"""Memories in a model of transformers: generation with the state in its cache says what the whole sequence says."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="memory made of layers needs torch")
pytest.importorskip("transformers", reason="generate() needs transformers, which is not installed here")

from mnesis.neural.causal import CausalMemory, MemoryConfig  # noqa: E402

MEMORIES = ("gated_delta_net", "mamba", "titans_mac", "samba", "softmax", "rwkv7")


def made(memory: str | list[str]) -> CausalMemory:
    torch.manual_seed(0)
    return CausalMemory(MemoryConfig(memory=memory, vocab_size=20, hidden_size=16)).eval()


def greedy(model: CausalMemory, prompt: torch.Tensor, many: int) -> torch.Tensor:
    """The likeliest tokens, each from the whole sequence so far."""
    out = prompt
    for _ in range(many):
        with torch.no_grad():
            out = torch.cat([out, model.model(out)[:, -1:].argmax(-1)], 1)
    return out


@pytest.mark.parametrize("memory", MEMORIES)
def test_generation_is_the_whole_sequence_read_again(memory: str) -> None:
    model = made(f"neural.recipes.{memory}")
    prompt = torch.randint(20, (2, 7), generator=torch.Generator().manual_seed(1))
    out = model.generate(prompt, max_new_tokens=6, min_new_tokens=6, do_sample=False, pad_token_id=0)
    assert torch.equal(out, greedy(model, prompt, 6))


def test_a_memory_for_each_layer_and_beams() -> None:
    model = made(["neural.recipes.delta_net", "neural.recipes.softmax"])
    prompt = torch.randint(20, (2, 5), generator=torch.Generator().manual_seed(2))
    beams = model.generate(prompt, max_new_tokens=4, min_new_tokens=4, num_beams=3, do_sample=False, pad_token_id=0)
    whole = model.generate(
        prompt, max_new_tokens=4, min_new_tokens=4, num_beams=3, do_sample=False, pad_token_id=0, use_cache=False
    )
    assert torch.equal(beams, whole)


def test_the_cache_is_of_linear_attention_layers_of_constant_size() -> None:
    model = made("neural.recipes.gated_delta_net")
    one = model(torch.zeros(1, 3, dtype=torch.long), use_cache=True).past_key_values
    sizes = [[state.shape for state in layer.recurrent_states.values() if state is not None] for layer in one.layers]
    two = model(torch.zeros(1, 9, dtype=torch.long), past_key_values=one, use_cache=True).past_key_values
    assert two is one
    assert [type(layer).__name__ for layer in one.layers] == ["LinearAttentionLayer"] * 2
    assert sizes == [
        [state.shape for state in layer.recurrent_states.values() if state is not None] for layer in one.layers
    ]


def test_prompts_padded_on_the_left_leave_no_trace() -> None:
    model = made("neural.recipes.gated_delta_net")
    short = torch.tensor([[3, 4, 5]])
    padded = torch.tensor([[0, 0, 3, 4, 5], [7, 8, 9, 10, 11]])
    mask = (padded != 0).long()
    both = model.generate(
        padded, attention_mask=mask, max_new_tokens=5, min_new_tokens=5, do_sample=False, pad_token_id=0
    )
    assert torch.equal(both[:1, 2:], greedy(model, short, 5))


def test_labels_give_the_loss_of_the_next_token() -> None:
    model = made("neural.recipes.linear_attention")
    tokens = torch.randint(20, (2, 6), generator=torch.Generator().manual_seed(3))
    found = model(tokens, labels=tokens)
    wanted = torch.nn.functional.cross_entropy(found.logits[:, :-1].reshape(-1, 20), tokens[:, 1:].reshape(-1))
    assert torch.allclose(found.loss, wanted)


def test_it_saves_and_loads(tmp_path: Path) -> None:
    model = made("neural.recipes.mamba")
    model.save_pretrained(tmp_path)
    again = CausalMemory.from_pretrained(tmp_path).eval()
    tokens = torch.arange(5).unsqueeze(0)
    with torch.no_grad():
        assert torch.equal(model(tokens).logits, again(tokens).logits)
