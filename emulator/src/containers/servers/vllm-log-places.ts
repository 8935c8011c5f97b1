/**
 * The places of 0.24.0, by those of 0.18: of a recorded start, and of its source distribution on PyPI
 * for lines that such a start does not have.
 */
export const PLACES: Readonly<Record<string, string>> = {
  "model.py:545": "model.py:598",
  "model.py:1661": "model.py:1725",
  "model.py:1451": "model.py:1477",
  "scheduler.py:226": "scheduler.py:252",
  "core.py:99": "core.py:114",
  "weight_utils.py:481": "weight_utils.py:530",
  "default_loader.py:291": "default_loader.py:430",
  "backends.py:644": "backends.py:1089",
  "backends.py:217": "backends.py:292",
  "backends.py:704": "backends.py:1148",
  "gpu_model_runner.py:3659": "gpu_model_runner.py:5255",
  "gpu_model_runner.py:4587": "gpu_model_runner.py:6656",
  "gpu_worker.py:359": "gpu_worker.py:508",
  "kv_cache_utils.py:1287": "kv_cache_utils.py:2146",
  "kv_cache_utils.py:1292": "kv_cache_utils.py:2147",
  "api_server.py:1346": "api_server.py:577",
};
/** Of these, the places of its second runner. */
export const SECOND_PLACES: Readonly<Record<string, string>> = {
  "gpu_model_runner.py:4587": "model_runner.py:726",
};
/** Classes that 0.24.0 runs in its second runner (vllm/config/vllm.py). */
export const SECOND_RUNNER: ReadonlySet<string> = new Set([
  "Qwen3ForCausalLM",
  "DeepseekV2ForCausalLM",
  "Qwen2MoeForCausalLM",
  "GraniteMoeForCausalLM",
  "LlamaForCausalLM",
  "MistralForCausalLM",
]);
