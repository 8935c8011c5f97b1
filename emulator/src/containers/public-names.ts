/**
 * Repositories on Hugging Face that public documents name and that were not measured, by
 * organization, in lower case: the examples of vLLM 0.24.0 and 0.33.0 (tests/models/registry.py and
 * its list of supported models) and of https://github.com/vllm-project/recipes.
 */
export const PUBLIC_NAMES: Readonly<Record<string, string>> = {
  "01-ai": "yi-34b",
  allenai: `flex-reddit-2x7b-1t flexolmo-7x7b-1t flexolmo-7x7b-1t-rt molmo-7b-d-0924 molmo-7b-o-0924
    molmo2-4b molmo2-8b molmo2-o-7b molmoweb-4b molmoweb-8b olmo-1b-hf olmo-2-0425-1b
    olmo-3-32b-think olmo-3-7b-instruct olmo-7b-hf olmo-hybrid-7b olmoe-1b-7b-0924
    olmoe-1b-7b-0924-instruct`,
  "arcee-ai": "afm-4.5b-base trinity-large-thinking-nvfp4 trinity-nano-preview",
  baai: `aquila-7b aquilachat-7b aquilachat2-7b bge-base-en-v1.5 bge-multilingual-gemma2
    bge-reranker-v2-gemma emu3-chat-hf`,
  baidu: `ernie-4.5-0.3b-pt ernie-4.5-21b-a3b-pt ernie-4.5-300b-a47b-pt ernie-4.5-vl-28b-a3b-pt
    ernie-4.5-vl-424b-a47b-pt qianfan-ocr unlimited-ocr`,
  coherelabs: `aya-vision-32b aya-vision-8b c4ai-command-a-03-2025 cohere-transcribe-03-2026
    command-a-plus-05-2026 command-a-plus-05-2026-bf16 command-a-reasoning-08-2025
    command-a-vision-07-2025 north-micro-vision-instruct north-mini-code-1.0`,
  databricks: "dbrx-base dolly-v2-12b",
  "deepseek-ai": `deepseek-llm-67b-base deepseek-llm-7b-chat deepseek-moe-16b-base deepseek-v2 deepseek-v2-chat
    deepseek-v4-flash-dspark deepseek-v4-flash-vision-exp deepseek-v4-pro-0813 deepseek-vl2
    deepseek-vl2-small deepseek-vl2-tiny`,
  "dots-studio": "dots3-note-prev-fp8",
  google: `diffusiongemma-26b-a4b-it gemma-1.1-2b-it gemma-2-27b gemma-2-9b gemma-2b gemma-3n-e2b-it
    gemma-4-12b-it-qat-w4a16-ct gemma-4-31b-it-qat-w4a16-ct gemma-4-e2b-it-qat-mobile-ct
    gemma-4-e2b-it-qat-w4a16-ct gemma-4-e4b-it-assistant gemma-4-e4b-it-qat-mobile-ct
    gemma-4-e4b-it-qat-w4a16-ct paligemma-3b-mix-224 paligemma-3b-pt-224 paligemma2-3b-ft-docci-448
    siglip-base-patch16-224 translategemma-27b-it translategemma-4b-it vaultgemma-1b`,
  huggingfacetb: "smolvlm-256m-instruct smolvlm2-2.2b-instruct",
  "ibm-granite": `granite-3.0-1b-a400m-base granite-3.0-2b-base granite-3.0-3b-a800m-instruct
    granite-3.2-2b-instruct granite-4.0-1b-speech granite-4.0-tiny-preview granite-4.1-3b-vision
    granite-speech-3.3-2b granite-speech-3.3-8b granite-speech-4.1-2b-plus granite-swash-2b
    granite-swash-3b-a600m`,
  inclusionai: `ling-2.5-1t ling-3.0-flash-fp8 ling-3.0-flash-vl ling-lite-1.5 ling-mini-2.0 ling-plus
    ming-omni-tts-0.5b ring-1t-fp8`,
  inferact: "muse-glimmer-30b-nvfp4-w4a4 qwen3.8-2.4t-a95b-mxfp4 qwen3.8-2.4t-a95b-nvfp4",
  internlm: `intern-s1-mini intern-s1-pro intern-s2-preview-fp8 internlm-chat-7b internlm2-1_8b-reward
    internlm2-7b internlm2-chat-7b`,
  intfloat: "multilingual-e5-small",
  jinaai: `jina-colbert-v2 jina-embeddings-v5-text-small jina-embeddings-v5-text-small-classification
    jina-embeddings-v5-text-small-clustering jina-embeddings-v5-text-small-text-matching
    jina-reranker-v3`,
  "lgai-exaone": "exaone-4.0-32b k-exaone-236b-a23b",
  liquidai: `lfm2-350m lfm2-700m lfm2-8b-a1b lfm2-8b-a1b-preview lfm2-colbert-350m lfm2-vl-3b lfm2-vl-450m
    lfm2-vl-8b-a1b lfm2.5-1.2b-base lfm2.5-1.2b-instruct lfm2.5-1.2b-jp lfm2.5-1.2b-jp-202606
    lfm2.5-1.2b-thinking lfm2.5-230m lfm2.5-350m lfm2.5-8b-a1b lfm2.5-embedding-350m lfm2.5-vl-1.6b
    lfm2.5-vl-450m`,
  "meituan-longcat": "longcat-flash-chat-fp8 longcat-flash-lite longcat-image-edit",
  "meta-llama": `llama-2-70b-hf llama-4-maverick-17b-128e-instruct-fp8 llama-guard-3-1b
    meta-llama-3.1-405b-instruct meta-llama-3.1-70b`,
  microsoft: `florence-2-base phi-1_5 phi-3-small-8k-instruct phi-4-mini-reasoning phi-4-reasoning-vision-15b
    vibevoice-asr-hf`,
  minimaxai: `minimax-h3 minimax-m1-40k minimax-m3-mxfp8 minimax-text-01 minimax-text-01-hf minimax-vl-01`,
  mistralai: `ministral-3-14b-instruct-2512-fp8 ministral-3-14b-reasoning-2512 ministral-3-3b-reasoning-2512
    ministral-3-8b-reasoning-2512 mistral-large-3-675b-base-2512
    mistral-large-3-675b-instruct-2512-fp8 mistral-large-3-675b-instruct-2512-nvfp4 pixtral-12b-2409
    voxtral-4b-tts-2603 voxtral-mini-4b-realtime-2602 voxtral-small-24b-2507`,
  moonshotai: "kimi-audio-7b-instruct kimi-linear-48b-a3b-base kimi-vl-a3b-thinking",
  nvidia: `alpamayo2-super audio-flamingo-3-hf cosmos3-edge cosmos3-super cosmos3-super-image2video
    cosmos3-super-text2image deepseek-r1-0528-nvfp4-v2 deepseek-v3-fp4 deepseek-v3.1-nvfp4
    deepseek-v4-flash-nvfp4 deepseek-v4-pro-nvfp4 diffusiongemma-26b-a4b-it-nvfp4 eagle2.5-8b
    gemma-4-26b-a4b-nvfp4 gemma-4-31b-it-nvfp4 glm-4.7-nvfp4 glm-5-nvfp4 glm-5.1-nvfp4 glm-5.2-nvfp4
    kimi-k2-thinking-nvfp4 kimi-k2.5-nvfp4 kimi-k2.6-nvfp4 llama-3.1-8b-instruct-fp8
    llama-3.1-8b-instruct-nvfp4 llama-3.1-nemotron-nano-vl-8b-v1 llama-3.3-70b-instruct-fp8
    llama-3.3-70b-instruct-nvfp4 llama-4-scout-17b-16e-instruct-fp8
    llama-4-scout-17b-16e-instruct-nvfp4 llama-nemotron-embed-1b-v2 llama-nemotron-embed-vl-1b-v2
    llama-nemotron-rerank-1b-v2 llama-nemotron-rerank-vl-1b-v2 minimax-m2.5-nvfp4 minimax-m2.7-nvfp4
    minimax-m3-nvfp4 minitron-8b-base music-flamingo-2601-hf music-flamingo-hf
    music-flamingo-think-2601-hf nemotron-3-nano-omni-30b-a3b-reasoning-fp8
    nemotron-3-nano-omni-30b-a3b-reasoning-nvfp4 nemotron-3.5-parse nemotron-colembed-vl-4b-v2
    nemotron-h-47b-base-8k nemotron-h-56b-base-8k nemotron-h-8b-base-8k
    nvidia-nemotron-3-nano-30b-a3b-fp8 nvidia-nemotron-3-nano-4b-fp8
    nvidia-nemotron-3-super-120b-a12b-base-bf16 nvidia-nemotron-3-super-120b-a12b-fp8
    nvidia-nemotron-3-super-120b-a12b-nvfp4 nvidia-nemotron-3-ultra-550b-a55b-bf16
    nvidia-nemotron-3.5-lightning-30b-a3b-bf16 nvidia-nemotron-3.5-lightning-30b-a3b-nvfp4
    nvidia-nemotron-labs-dory1.0-4b-bf16 nvidia-nemotron-nano-12b-v2-vl-fp8
    nvidia-nemotron-nano-12b-v2-vl-nvfp4-qad nvidia-nemotron-nano-9b-v2-base
    nvidia-nemotron-nano-9b-v2-fp8 nvidia-nemotron-nano-9b-v2-japanese
    nvidia-nemotron-nano-9b-v2-nvfp4 nvidia-nemotron-parse-2.0 nvidia-nemotron-parse-v1.2 nvlm-d-72b
    qwen3-235b-a22b-instruct-2507-nvfp4 qwen3-coder-480b-a35b-instruct-nvfp4
    qwen3-next-80b-a3b-instruct-nvfp4 qwen3-vl-235b-a22b-instruct-nvfp4 qwen3.5-397b-a17b-nvfp4
    qwen3.6-35b-a3b-nvfp4`,
  openai: "clip-vit-base-patch32 privacy-filter whisper-small",
  openbmb: `minicpm-2b-dpo-bf16 minicpm-s-1b-sft minicpm-v-2 minicpm-v-4 minicpm-v-4_6 minicpm3-4b
    minicpm5-1b`,
  paddlepaddle: "paddleocr-vl-1.6",
  poolside: `laguna-m.1-fp8 laguna-m.1-nvfp4 laguna-s-2.1-fp8 laguna-s-2.1-int4 laguna-s-2.1-nvfp4
    laguna-xs-2.1-dflash-nvfp4 laguna-xs-2.1-fp8 laguna-xs-2.1-int4 laguna-xs-2.1-nvfp4
    laguna-xs.2-fp8 laguna-xs.2-int4 laguna-xs.2-nvfp4`,
  qwen: `qvq-72b-preview qwen-7b-chat qwen-vl qwen-vl-chat qwen1.5-moe-a2.7b-chat qwen2-0.5b-instruct
    qwen2-7b qwen2-audio-7b-instruct qwen2-vl-2b-instruct qwen2.5-1.5b-instruct qwen2.5-math-prm-7b
    qwen2.5-math-rm-72b qwen2.5-omni-3b qwen2.5-omni-7b-awq qwen2.5-vl-72b-instruct-awq
    qwen2.5-vl-7b-instruct-awq qwen3-235b-a22b-fp8 qwen3-235b-a22b-instruct-2507 qwen3-32b-fp8
    qwen3-4b-fp8 qwen3-asr-0.6b qwen3-coder-480b-a35b-instruct-fp8 qwen3-forcedaligner-0.6b
    qwen3-next-80b-a3b-instruct-fp8 qwen3-omni-30b-a3b-thinking qwen3-tts-12hz-0.6b-base
    qwen3-tts-12hz-0.6b-customvoice qwen3-tts-12hz-1.7b-base qwen3-tts-12hz-1.7b-customvoice
    qwen3-tts-12hz-1.7b-voicedesign qwen3-vl-235b-a22b-instruct qwen3-vl-235b-a22b-instruct-fp8
    qwen3-vl-8b-instruct qwen3.5-0.8b qwen3.5-122b-a10b-fp8 qwen3.5-27b qwen3.5-27b-fp8
    qwen3.5-27b-gptq-int4 qwen3.5-35b-a3b qwen3.5-35b-a3b-fp8 qwen3.5-35b-a3b-gptq-int4
    qwen3.6-27b-fp8 qwen3.8-2.4t-a95b qwen3.8-2.4t-a95b-fp8 qwen3guard-gen-0.6b qwen3guard-gen-4b
    qwen3guard-gen-8b qwq-32b-preview`,
  redhatai: `diffusiongemma-26b-a4b-it-fp8-dynamic diffusiongemma-26b-a4b-it-nvfp4
    gemma-4-26b-a4b-it-fp8-dynamic gemma-4-26b-a4b-it-nvfp4 gemma-4-31b-it-fp8-dynamic
    gemma-4-e2b-it-fp8-dynamic gemma-4-e4b-it-fp8-dynamic hy3-nvfp4-fp8 kimi-k3-nvfp4
    llama-3.2-1b-instruct-fp8 llama-3.2-1b-instruct-quantized.w8a8
    llama-3.2-3b-instruct-quantized.w8a8 meta-llama-3.1-8b-instruct-fp8
    meta-llama-3.1-8b-instruct-quantized.w8a8 meta-llama-3.1-8b-quantized.w8a8 minimax-m2-nvfp4
    muse-glimmer-30b-fp8-block`,
  "rednote-hilab": "dots.ocr",
  sarvamai: "sarvam-30b sarvam2-105b-a9b sarvam2-30b-a3b",
  "stepfun-ai": `step-3.5-flash-fp8 step-3.5-flash-int4 step-3.5-flash-int8 step-3.7-flash-fp8
    step-3.7-flash-nvfp4 step-audio-editx step3 step3-vl-10b`,
  tencent: `hunyuan-7b-instruct hunyuan-a13b-instruct-fp8 hunyuan-a13b-pretrain hy3-fp8 hy3-preview-base
    hy4-preview`,
  upstage: "solar-pro-preview-instruct",
  "wan-ai": "wan2.2-i2v-a14b-diffusers wan2.2-t2v-a14b-diffusers wan2.2-ti2v-5b-diffusers",
  "zai-org": `chatglm2-6b chatglm3-6b cogagent-9b-20241220 glm-4-32b-0414 glm-4-9b-0414 glm-4-9b-chat-hf
    glm-4-9b-hf glm-4.5-fp8 glm-4.5v-fp8 glm-4.6-fp8 glm-4.6v-flash glm-4.6v-fp8 glm-4.7-fp8
    glm-4v-9b glm-5-fp8 glm-5.1-fp8 glm-ga glm-image glm-tts`,
};
