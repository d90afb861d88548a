"""The tiny decoder as a model of transformers, with its memories' state in the linear-attention layers of its cache.

model = CausalMemory(MemoryConfig(memory="neural.recipes.gated_delta_net", vocab_size=64, hidden_size=32))
model.generate(prompt, max_new_tokens=20)

Needs the extra ``mnesis[transformers]``. Each block has one layer of the cache, and each tensor of its state is one of
that layer's recurrent states, in the order of their names; so beams reorder it, and it moves and resets with the cache.
Prompts of several lengths are padded on the left, as generation wants it: steps that are masked leave no trace.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mnesis.errors import Unavailable
from mnesis.neural.lm import Block, TinyLM, tiny_lm
from mnesis.neural.rule import State

try:
    from transformers import GenerationMixin, PreTrainedConfig, PreTrainedModel
    from transformers.cache_utils import DynamicCache, LinearAttentionLayer
    from transformers.modeling_outputs import CausalLMOutputWithPast
except ModuleNotFoundError as err:
    raise Unavailable(
        "generate() over memories needs transformers; install it with: pip install 'mnesis[transformers]'"
    ) from err


class MemoryConfig(PreTrainedConfig):  # type: ignore[misc,unused-ignore]
    """The form of a decoder: `memory` is a recipe, or one for each layer; sizes have the names of transformers."""

    model_type = "mnesis_memory"

    def __init__(
        self,
        memory: str | list[str] = "neural.recipes.gated_delta_net",
        vocab_size: int = 64,
        hidden_size: int = 32,
        num_hidden_layers: int = 2,
        num_attention_heads: int = 2,
        **other: Any,
    ) -> None:
        self.memory, self.vocab_size, self.hidden_size = memory, vocab_size, hidden_size
        self.num_hidden_layers = len(memory) if isinstance(memory, list) else num_hidden_layers
        self.num_attention_heads = num_attention_heads
        super().__init__(**other)
        self.layer_types = ["linear_attention"] * self.num_hidden_layers


class MemoryCache(DynamicCache):  # type: ignore[misc,unused-ignore]
    """Linear-attention layers, and how many tokens they have read: they cannot tell it themselves."""

    def __init__(self, config: MemoryConfig) -> None:
        super().__init__(config=config)
        self.read = 0

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """How many tokens were read."""
        return self.read

    def reset(self) -> None:
        """Forget them all."""
        super().reset()
        self.read = 0


class CausalMemory(PreTrainedModel, GenerationMixin):  # type: ignore[misc,unused-ignore]
    """`tiny_lm` with the methods of transformers: `generate`, `save_pretrained`, `from_pretrained` …"""

    config_class = MemoryConfig
    base_model_prefix = "model"
    _is_stateful = True  # a state cannot be cropped back to an earlier token

    def __init__(self, config: MemoryConfig) -> None:
        super().__init__(config)
        form = {"vocab": config.vocab_size, "width": config.hidden_size, "layers": config.num_hidden_layers}
        self.model: TinyLM = tiny_lm(config.memory, heads=config.num_attention_heads, **form)
        blocks = (block for block in self.model.blocks if isinstance(block, Block))
        self.names = [sorted(block.memory.begin(1, torch.zeros(1))) for block in blocks]
        config.number_of_conv_states = max(map(len, self.names))  # how many states a layer of the cache holds
        self.post_init()

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        """No: the first call of `forward` makes a cache that counts."""
        return False

    def _init_weights(self, module: torch.nn.Module) -> None:
        """Weights are drawn by the layers themselves."""

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        past_key_values: MemoryCache | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int = 0,
        **_: Any,
    ) -> CausalLMOutputWithPast:
        """Logits [B, T, vocab] of `input_ids` [B, T]; with `use_cache` the state after them in `past_key_values`."""
        if use_cache and past_key_values is None:
            past_key_values = MemoryCache(self.config)
        mask = None if attention_mask is None else attention_mask[:, -input_ids.shape[1] :].bool()
        mask = None if mask is None or bool(mask.all()) else mask
        hidden, after = self.model.hidden(input_ids, self._held(past_key_values), mask)
        if past_key_values is not None:
            self._hold(past_key_values, after)
            past_key_values.read += input_ids.shape[1]
        logits: Tensor = self.model.head(hidden[:, -logits_to_keep:])
        loss = None
        if labels is not None:  # transformers hands over the tokens themselves; each predicts the next
            loss = cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return CausalLMOutputWithPast(loss=loss, logits=logits, past_key_values=past_key_values)

    def prepare_inputs_for_generation(
        self,
        input_ids: Tensor,
        past_key_values: MemoryCache | None = None,
        attention_mask: Tensor | None = None,
        use_cache: bool | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Only the newest token, once there is a state."""
        begun = self._held(past_key_values) is not None
        return {
            "input_ids": input_ids[:, -1:] if begun else input_ids,
            "past_key_values": past_key_values,
            "attention_mask": attention_mask,
            "use_cache": use_cache,
        }

    def _held(self, cache: MemoryCache | None) -> State | None:
        """The state that lies in a cache, or None while it is empty."""
        if cache is None or cache.read == 0:
            return None
        return {
            f"{n}.{name}": layer.recurrent_states[at]
            for n, (layer, names) in enumerate(zip(_linear(cache), self.names, strict=True))
            for at, name in enumerate(names)
        }

    def _hold(self, cache: MemoryCache, state: State) -> None:
        for n, (layer, names) in enumerate(zip(_linear(cache), self.names, strict=True)):
            for at, name in enumerate(names):
                new, old = state[f"{n}.{name}"], layer.recurrent_states[at]
                if old is not None and old.shape != new.shape:  # a state that grows: attention's
                    layer.is_recurrent_states_initialized[at] = False
                layer.update_recurrent_state(new, state_idx=at)
                layer.has_previous_state[at] = True


def _linear(cache: MemoryCache) -> list[Any]:
    """The layers of a cache, all of one kind; their states may be given and taken."""
    return [layer for layer in cache.layers if isinstance(layer, LinearAttentionLayer)]
