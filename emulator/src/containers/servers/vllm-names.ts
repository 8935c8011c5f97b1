const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Names that `--tool-call-parser` takes, of all releases (vllm/tool_parsers/__init__.py). */
export const TOOL_PARSERS = names(
  `apertus cohere_command3 cohere_command4 deepseek_v3 deepseek_v31 deepseek_v32 deepseek_v4 ernie45
  functiongemma gemma4 gigachat3 glm45 glm47 granite granite-20b-fc granite4 hermes hunyuan_a13b hy_v3
  inkling internlm jamba kimi_k2 kimi_k3 lfm2 llama3_json llama4_json llama4_pythonic longcat mimo
  minicpm5 minimax minimax_m2 minimax_m3 mistral olmo3 openai phi4_mini_json poolside_v1 pythonic
  qwen3_coder qwen3_xml seed_oss solar_open2 step3 step3p5 xlam`,
);

/** Names that `--reasoning-parser` takes, of all releases (vllm/reasoning/__init__.py). */
export const REASONING_PARSERS = names(
  `cohere_command3 cohere_command4 deepseek_r1 deepseek_v3 deepseek_v4 ernie45 gemma4 glm45 glm47
  granite holo2 hunyuan_a13b hy_v3 identity inkling kimi_k2 kimi_k3 mimo minimax_m2
  minimax_m2_append_think minimax_m3 mistral nemotron_v3 olmo3 openai_gptoss poolside_v1 qwen3
  seed_oss solar_open2 step3 step3p5`,
);

/** Names that `--quantization` takes, of all releases (vllm/model_executor/layers/quantization). */
export const QUANTIZATIONS = names(
  `aqlm auto-round awq awq_marlin bitblas bitsandbytes compressed-tensors cpu_awq cpu_gptq
  deepgemm_fp8 deepspeedfp experts_int8 fbgemm_fp8 fp8 fp8_per_block fp8_per_tensor fp_quant gguf gptq
  gptq_bitblas gptq_marlin gptq_marlin_24 hqq inc int8_per_channel ipex marlin modelopt modelopt_fp4
  modelopt_mixed modelopt_mxfp8 moe_wna16 mxfp4 mxfp8 neuron_quant nvfp4 online petit_nvfp4 ptpc_fp8
  qqq quark rtn torchao tpu_int8`,
);
