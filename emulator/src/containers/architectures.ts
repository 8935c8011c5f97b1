import { compareVersions } from "../core/versions";
import { isPublished } from "./publishers";

/** The class that a model's config.json names; null if the emulator does not know it. */
export function architectureOf(id: string): string | null {
  return rowOf(id)?.name ?? null;
}

/** Why a release of vLLM does not run a model, as it words it; null if it runs it as far as is known. */
export function unsupportedBy(id: string, release: string): string | null {
  const row = rowOf(id);
  if (row === undefined || row.lackedBy === undefined) {
    return null;
  }
  if (row.lackedBy !== EVERY && compareVersions(release, row.lackedBy) > 0) {
    return null;
  }
  return row.modelType === undefined
    ? `Model architectures ['${row.name}'] are not supported for now. Supported architectures: dict_keys(['LlamaForCausalLM', 'MistralForCausalLM', 'Qwen3ForCausalLM'])`
    : `The checkpoint you are trying to load has model type \`${row.modelType}\` but Transformers does not recognize this architecture. This could be because of an issue with the checkpoint, or because your version of Transformers is out of date.`;
}

interface Architecture {
  /** The repositories' names without their organization. */
  models: RegExp;
  /** `architectures` of their config.json. */
  name: string;
  /** The newest release of those that were read whose registry lacks it. @default all have it, or it is not known */
  lackedBy?: string;
  /** `model_type` of their config.json, if the Transformers of those releases do not know it either. */
  modelType?: string;
}

const EVERY = "every release";

function rowOf(id: string): Architecture | undefined {
  const name = id.slice(id.indexOf("/") + 1);
  const found = ARCHITECTURES.find(({ models }) => models.test(name));
  return isPublished(id) || found?.lackedBy === EVERY ? found : undefined;
}

const row = (
  models: RegExp,
  name: string,
  lackedBy?: string,
  modelType?: string,
): Architecture => ({
  models,
  name,
  ...(lackedBy === undefined ? {} : { lackedBy }),
  ...(modelType === undefined ? {} : { modelType }),
});

/**
 * The first match counts. Classes are those of the models' config.json, as published on Hugging Face
 * and in tests/models/registry.py of vLLM 0.24.0; releases are those of
 * vllm/model_executor/models/registry.py in vLLM's source distributions on PyPI. A release that can
 * run a class through Transformers instead does not lack it.
 */
const ARCHITECTURES: readonly Architecture[] = [
  row(/^qwen3\.8-27b/i, "Qwen3_5ForConditionalGeneration"),
  row(/^qwen3\.[56]-\d+b-a\d+b/i, "Qwen3_5MoeForConditionalGeneration", "0.16.0", "qwen3_5_moe"),
  row(/^qwen3\.[56]-[\d.]+b/i, "Qwen3_5ForConditionalGeneration", "0.16.0", "qwen3_5"),
  row(/^qwen3-(?:coder-)?next/i, "Qwen3NextForCausalLM", "0.10.1", "qwen3_next"),
  row(/^qwen3-vl-\d+b-a\d+b/i, "Qwen3VLMoeForConditionalGeneration", "0.10.2", "qwen3_vl_moe"),
  row(/^qwen3-vl-\d+b/i, "Qwen3VLForConditionalGeneration", "0.10.2", "qwen3_vl"),
  row(/^qwen3-omni-/i, "Qwen3OmniMoeForConditionalGeneration", "0.10.2", "qwen3_omni_moe"),
  row(/^qwen3-asr-/i, "Qwen3ASRForConditionalGeneration", "0.14.0"),
  row(/^qwen3-(?:coder-)?\d+b-a\d+b/i, "Qwen3MoeForCausalLM", "0.8.2", "qwen3_moe"),
  row(
    /^(?:qwen3(?:guard-gen|-embedding|-reranker)?-[\d.]+b|deepseek-r1-0528-qwen3-8b)/i,
    "Qwen3ForCausalLM",
    "0.8.2",
    "qwen3",
  ),
  row(/^qwen2\.5-omni-/i, "Qwen2_5OmniModel", "0.8.4", "qwen2_5_omni"),
  row(
    /^(?:qwen2\.5-vl-|olmocr-7b-0225)/i,
    "Qwen2_5_VLForConditionalGeneration",
    "0.7.0",
    "qwen2_5_vl",
  ),
  row(/^(?:qwen2-vl-|qvq-72b)/i, "Qwen2VLForConditionalGeneration"),
  row(/^qwen2-audio-/i, "Qwen2AudioForConditionalGeneration"),
  row(/^qwen1\.5-moe-/i, "Qwen2MoeForCausalLM"),
  row(
    /^(?:qwen(?:1\.5|2|2\.5)-(?:coder-|math-)?[\d.]+b|qwq-32b|deepseek-r1-distill-qwen|kimi-dev-72b|openthinker-32b)/i,
    "Qwen2ForCausalLM",
  ),
  row(/^llama-4-|^llama-guard-4-/i, "Llama4ForConditionalGeneration", "0.8.2", "llama4"),
  row(/^llama-3\.2-\d+b-vision/i, "MllamaForConditionalGeneration"),
  row(/^llama-3_3-nemotron-super/i, "DeciLMForCausalLM"),
  row(
    /^(?:(?:meta-)?llama-(?:2|3|3\.[1-3]|guard-3)-\d+b|codellama-|deepseek-r1-distill-llama|deepseek-coder-[\d.]+b|smollm2-|yi-|solar-10\.7b)/i,
    "LlamaForCausalLM",
  ),
  row(
    /^(?:mistral-7b-|mistral-nemo-|mistral-large-instruct-2407|zephyr-7b|codestral-22b)/i,
    "MistralForCausalLM",
  ),
  row(/^mixtral-/i, "MixtralForCausalLM"),
  row(/^mistral-large-3-/i, "MistralLarge3ForCausalLM", "0.11.1"),
  row(/^voxtral-mini-3b-2507/i, "VoxtralForConditionalGeneration", "0.9.2"),
  row(/^gemma-4-12b/i, "Gemma4UnifiedForConditionalGeneration", "0.22.0"),
  row(/^gemma-4-/i, "Gemma4ForConditionalGeneration", "0.18.0", "gemma4"),
  row(/^gemma-3n-/i, "Gemma3nForConditionalGeneration", "0.9.1", "gemma3n"),
  row(/^gemma-3-(?:1b|270m)/i, "Gemma3ForCausalLM", "0.7.3", "gemma3_text"),
  row(/^(?:gemma-3|medgemma)-\d+b/i, "Gemma3ForConditionalGeneration", "0.7.3", "gemma3"),
  row(/^embeddinggemma-/i, "Gemma3TextModel"),
  row(/^gemma-2-|^shieldgemma-\d+b/i, "Gemma2ForCausalLM"),
  row(/^(?:code)?gemma-/i, "GemmaForCausalLM"),
  row(/^phi-2$/i, "PhiForCausalLM"),
  row(/^phi-4-multimodal/i, "Phi4MMForCausalLM", "0.7.3"),
  row(/^phi-3(?:\.5)?-vision/i, "Phi3VForCausalLM"),
  row(/^phi-3\.5-moe/i, "PhiMoEForCausalLM"),
  row(/^phi-(?:3(?:\.5)?-(?:mini|medium)|4)/i, "Phi3ForCausalLM"),
  row(/^deepseek-v4-/i, "DeepseekV4ForCausalLM", "0.19.0", "deepseek_v4"),
  row(/^deepseek-v3\.2/i, "DeepseekV32ForCausalLM", "0.10.2", "deepseek_v32"),
  row(/^(?:deepseek-(?:v3|r1)(?:$|[-.])|kimi-k2-|r1-1776)/i, "DeepseekV3ForCausalLM", "0.6.3"),
  row(/^deepseek-(?:v2|coder-v2)/i, "DeepseekV2ForCausalLM"),
  row(/^deepseek-ocr-2/i, "DeepseekOCR2ForCausalLM", "0.14.0"),
  row(/^deepseek-ocr/i, "DeepseekOCRForCausalLM", "0.11.0"),
  row(/^glm-5(?:\.[12])?(?:-|$)/i, "GlmMoeDsaForCausalLM", "0.14.0", "glm_moe_dsa"),
  row(/^glm-4\.7-flash/i, "Glm4MoeLiteForCausalLM", "0.14.0", "glm4_moe_lite"),
  row(/^glm-4\.[56]v/i, "Glm4vMoeForConditionalGeneration", "0.10.0", "glm4v_moe"),
  row(/^glm-4\.1v-|^glyph$/i, "Glm4vForConditionalGeneration", "0.9.1", "glm4v"),
  row(/^glm-4\.[567]/i, "Glm4MoeForCausalLM", "0.9.2", "glm4_moe"),
  row(/^glm-ocr/i, "GlmOcrForConditionalGeneration", "0.14.0"),
  row(/^glm-asr-/i, "GlmAsrForConditionalGeneration", "0.13.0"),
  row(/^glm-4-9b-chat$/i, "ChatGLMModel"),
  row(/^kimi-k3/i, "KimiK3ForConditionalGeneration", "0.26.0"),
  row(/^kimi-k2\.[567]/i, "KimiK25ForConditionalGeneration", "0.14.0"),
  row(/^kimi-linear-/i, "KimiLinearForCausalLM", "0.11.0"),
  row(/^kimi-vl-/i, "KimiVLForConditionalGeneration", "0.8.4"),
  row(/^minimax-m3/i, "MiniMaxM3SparseForConditionalGeneration", "0.23.0"),
  row(/^minimax-m2/i, "MiniMaxM2ForCausalLM", "0.11.0"),
  row(/^gpt-oss-/i, "GptOssForCausalLM", "0.10.0", "gpt_oss"),
  row(/^whisper-/i, "WhisperForConditionalGeneration", "0.6.6"),
  row(/^nvidia-nemotron-nano-12b-v2-vl/i, "NemotronH_Nano_VL_V2", "0.10.2"),
  row(/^nvidia-nemotron-|^nemotron-cascade-2/i, "NemotronHForCausalLM", "0.9.0"),
  row(/^granite-4\.0-/i, "GraniteMoeHybridForCausalLM", "0.8.5", "granitemoehybrid"),
  row(/^granite-(?:3\.\d|4\.1)-/i, "GraniteForCausalLM"),
  row(/^hunyuan-a13b/i, "HunYuanMoEV1ForCausalLM", "0.9.1"),
  row(/^hunyuan-(?:[\d.]+b|mt-)/i, "HunYuanDenseV1ForCausalLM", "0.9.2"),
  row(/^hunyuanocr/i, "HunYuanVLForConditionalGeneration", "0.11.1"),
  row(/^hy3(?:-|$)/i, "HYV3ForCausalLM", "0.19.0"),
  row(/^ernie-4\.5-vl-/i, "Ernie4_5_VLMoeForConditionalGeneration", "0.10.1"),
  row(/^ernie-4\.5-\d+b-a\d+b/i, "Ernie4_5_MoeForCausalLM", "0.9.1"),
  row(/^mimo-v2\.5/i, "MiMoV2ForCausalLM", "0.20.0"),
  row(/^mimo-v2-flash/i, "MiMoV2FlashForCausalLM", "0.13.0"),
  row(/^mimo-7b/i, "MiMoForCausalLM", "0.8.5"),
  row(/^longcat-flash-chat/i, "LongcatFlashForCausalLM", "0.10.2"),
  row(/^ling-1t/i, "BailingMoeV2ForCausalLM", "0.10.2"),
  row(/^intern-s2-preview/i, "InternS2PreviewForConditionalGeneration", "0.21.0"),
  row(/^intern-s1(?:-fp8)?$/i, "InternS1ForConditionalGeneration", "0.10.0"),
  row(/^internlm3-/i, "InternLM3ForCausalLM", "0.6.6"),
  row(/^internlm2/i, "InternLM2ForCausalLM"),
  row(/^step-3\.7-flash/i, "Step3p7ForConditionalGeneration", "0.22.0"),
  row(/^step-3\.5-flash/i, "Step3p5ForCausalLM", "0.14.0"),
  row(/^trinity-large/i, "AfmoeForCausalLM", "0.11.0"),
  row(/^laguna-/i, "LagunaForCausalLM", "0.20.0"),
  row(/^sarvam-105b/i, "SarvamMLAForCausalLM", "0.17.0"),
  row(/^dots\.llm1/i, "Dots1ForCausalLM", "0.9.1", "dots1"),
  row(/^exaone-4\.5-/i, "Exaone4_5_ForConditionalGeneration", "0.19.0"),
  row(/^exaone-3\.0-/i, "ExaoneForCausalLM"),
  row(/^paddleocr-vl/i, "PaddleOCRVLForConditionalGeneration", "0.11.0"),
  row(/^minicpm-o-2_6/i, "MiniCPMO", "0.7.0"),
  row(/^minicpm-v-4[._]6/i, "MiniCPMV4_6ForConditionalGeneration", "0.21.0"),
  row(/^minicpm-(?:v-|llama3-v)/i, "MiniCPMV"),
  row(/^lfm2-[\d.]+b$/i, "Lfm2ForCausalLM", "0.9.2", "lfm2"),
  row(/^c4ai-command-r7b/i, "Cohere2ForCausalLM", "0.6.3", "cohere2"),
  row(/^(?:c4ai-command-r|aya-expanse)-/i, "CohereForCausalLM"),
  row(/^dbrx-/i, "DbrxForCausalLM"),
  row(/^olmo-2-/i, "Olmo2ForCausalLM", "0.6.3", "olmo2"),
  row(/^gpt2(?:-medium|-large|-xl)?$/i, "GPT2LMHeadModel"),
  row(/^bge-reranker-(?:v2-m3|base|large)/i, "XLMRobertaForSequenceClassification"),
  row(/^(?:bge-m3|multilingual-e5-)/i, "XLMRobertaModel"),
  row(/^bge-(?:small|base|large)-/i, "BertModel"),
  row(/^e5-mistral-/i, "MistralModel"),
  row(/^(?:flan-)?t5-/i, "T5ForConditionalGeneration", EVERY),
  row(/^mt5-/i, "MT5ForConditionalGeneration", EVERY),
  row(/^(?:nllb-200|m2m100)/i, "M2M100ForConditionalGeneration", EVERY),
  row(/^bark(?:-small)?$/i, "BarkModel", EVERY),
  row(/^speecht5_tts/i, "SpeechT5ForTextToSpeech", EVERY),
  row(/^musicgen-/i, "MusicgenForConditionalGeneration", EVERY),
  row(/^detr-resnet-/i, "DetrForObjectDetection", EVERY),
  row(/^vit-(?:tiny|small|base|large|huge)/i, "ViTForImageClassification", EVERY),
];
