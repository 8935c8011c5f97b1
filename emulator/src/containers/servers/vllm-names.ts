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
  `aqlm auto-round auto_awq auto_gptq awq awq_marlin bitblas bitsandbytes compressed-tensors
  cpu_awq cpu_gptq deepgemm_fp8 deepseek_v4_fp8 deepspeedfp experts_int8 fbgemm_fp8 fp8
  fp8_per_block fp8_per_channel fp8_per_tensor fp_quant gguf gpt_oss_mxfp4 gptq gptq_bitblas
  gptq_marlin gptq_marlin_24 hqq humming inc int8_per_channel int8_per_channel_weight_only ipex
  marlin modelopt modelopt_fp4 modelopt_mixed modelopt_mxfp8 moe_wna16 mxfp4 mxfp8 neuron_quant
  nvfp4 nvfp4_per_token online petit_nvfp4 ptpc_fp8 qqq quark rtn torchao tpu_int8`,
);

/** Names that `--load-format` takes, of all releases (vllm/model_executor/model_loader). */
export const LOAD_FORMATS = names(
  `auto hf bitsandbytes dummy fastsafetensors gguf instanttensor ipc_cache mistral modelexpress
  npcache pt runai_streamer runai_streamer_sharded safetensors sharded_state tensorizer`,
);

/** Names that `--attention-backend` takes, of all releases (vllm/v1/attention/backends/registry.py). */
export const ATTENTION_BACKENDS = names(
  `FLASH_ATTN TRITON_ATTN ROCM_ATTN ROCM_AITER_MLA ROCM_AITER_TRITON_MLA ROCM_AITER_FA
  ROCM_AITER_MLA_SPARSE TORCH_SDPA FLASHINFER FLASHINFER_MLA TRITON_MLA CUTLASS_MLA FLASHMLA
  FLASHMLA_SPARSE FLASH_ATTN_MLA PALLAS IPEX NO_ATTENTION FLEX_ATTENTION TREE_ATTN
  ROCM_AITER_UNIFIED_ATTN CPU_ATTN CUSTOM FLASH_ATTN_DIFFKV XPU_MLA_SPARSE FLASHINFER_MLA_SPARSE
  TRITON_ATTN_DIFFKV TOKENSPEED_MLA FLASHINFER_MLA_SPARSE_SM120 FLASHMLA_SPARSE_DSV4
  FLASHINFER_MLA_SPARSE_DSV4 ROCM_FLASHMLA_SPARSE_DSV4 MINIMAX_M3_SPARSE TURBOQUANT
  FLASH_ATTN_MLA_SPARSE CUTLASS_MSA TRITON_MSA HPC_ATTN CPU_MLA TRITON_FLASH_ATTN
  ROCM_SEGMENTED_ATTN TRITON_FLASHINFER FLASHINFER_MLA_SPARSE_SM90 FLASHMLA_SPARSE_DSV41
  FLASHINFER_MLA_SPARSE_DSV41 ROCM_FLASHMLA_SPARSE_DSV41 FLASHMLA_MEGA_ATTN_DSV41 B12X
  FLASH_ATTN_MLA_SPARSE_FA4 STEP5_DSA AMX_MLA ROCM_OCTAVE ULTRAQUANT`,
);

/** Names that `--tokenizer-mode` takes, of all releases (vllm/tokenizers/registry.py). */
export const TOKENIZER_MODES = names(
  `auto slow custom hf mistral alpamayo2_super cohere deepseek_v32 deepseek_v4 deepseek_v41 grok2
  inkling kimi_audio kimi_k3 qwen_vl terratorch`,
);

/** What `tool_chat_template_….jinja` in the folder `examples` of the image is for, of all releases. */
export const TOOL_TEMPLATES = names(
  `apertus deepseekr1 deepseekv3 deepseekv31 functiongemma gemma3_pythonic gemma4 glm4 granite
  granite_20b_fc hermes hunyuan_a13b internlm2_tool llama3.1_json llama3.2_json
  llama3.2_pythonic llama4_json llama4_pythonic minimax_m1 mistral mistral3 mistral_parallel
  muse_glimmer phi4_mini qwen3coder toolace xlam_llama xlam_qwen`,
);

/** What `template_….jinja` in the folder `examples` of the image is for, of all releases. */
export const TEMPLATES = names(
  `alpaca baichuan chatglm chatglm2 chatml dse_qwen2_vl falcon falcon_180b inkbot teleflm vlm2vec
  vlm2vec_phi3v vlm2vec_qwen2vl`,
);
