const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Keys of vLLM's configuration classes, of the releases that `KEYS_OF` names (vllm/config). */
export const CONFIG_KEYS: Readonly<Record<string, ReadonlySet<string>>> = {
  AttentionConfig: names(
    `backend flash_attn_version use_prefill_decode_attention
    flash_attn_max_num_splits_for_cuda_graph use_cudnn_prefill
    use_trtllm_ragged_deepseek_prefill use_trtllm_attention disable_flashinfer_prefill
    disable_flashinfer_q_quantization use_prefill_query_quantization
    tq_max_kv_splits_for_cuda_graph mla_prefill_backend use_fp4_indexer_cache indexer_kv_dtype
    use_non_causal flex_attn_block_m flex_attn_block_n flex_attn_q_block_size
    flex_attn_kv_block_size minimax_m3_msa_decode_backend backend_per_kind sparse_mla_force_mqa
    tokenspeed_mla_min_split_kv trtllm_ragged_backend indexer_sparse_logits
    indexer_tp_shard_min_rows minimax_m3_indexer_cp hisparse_config
    sparse_mla_prefill_workspace_factor`,
  ),
  CompilationConfig: names(
    `level mode debug_dump_path cache_dir compile_cache_save_format backend custom_ops
    splitting_ops compile_mm_encoder compile_sizes compile_ranges_split_points
    inductor_compile_config inductor_passes cudagraph_mode cudagraph_num_of_warmups
    cudagraph_capture_sizes cudagraph_copy_inputs cudagraph_specialize_lora
    use_inductor_graph_partition pass_config max_cudagraph_capture_size dynamic_shapes_config
    cudagraph_mm_encoder encoder_cudagraph_token_budgets encoder_cudagraph_max_images_per_batch
    compile_ranges_endpoints fast_moe_cold_start ir_enable_torch_wrap
    encoder_cudagraph_max_vision_items_per_batch encoder_cudagraph_max_frames_per_batch
    cudagraph_decoder_replay decoder_replay_cudagraph_capture_sizes
    decoder_replay_trim_threshold`,
  ),
  ECTransferConfig: names(
    `ec_connector engine_id ec_buffer_device ec_buffer_size ec_role ec_rank ec_parallel_size
    ec_ip ec_port ec_connector_extra_config ec_connector_module_path`,
  ),
  EPLBConfig: names(
    `window_size step_interval num_redundant_experts log_balancedness log_balancedness_interval
    use_async policy communicator enable_migration_batching`,
  ),
  KVEventsConfig: names(
    `enable_kv_cache_events publisher endpoint replay_endpoint buffer_steps hwm max_queue_size
    topic`,
  ),
  KVTransferConfig: names(
    `kv_connector engine_id kv_buffer_device kv_buffer_size kv_role kv_rank kv_parallel_size
    kv_ip kv_port kv_connector_extra_config kv_connector_module_path enable_permute_local_kv
    kv_load_failure_policy`,
  ),
  PoolerConfig: names(
    `pooling_type seq_pooling_type tok_pooling_type normalize dimensions
    enable_chunked_processing max_embed_len softmax activation use_activation logit_bias
    step_tag_id returned_token_ids task logit_mean logit_sigma enable_flash_late_interaction`,
  ),
  ProfilerConfig: names(
    `profiler torch_profiler_dir torch_profiler_with_stack torch_profiler_with_flops
    torch_profiler_use_gzip torch_profiler_dump_cuda_time_total torch_profiler_record_shapes
    torch_profiler_with_memory ignore_frontend delay_iterations max_iterations warmup_iterations
    active_iterations wait_iterations proton_profiler_dir proton_context proton_data
    proton_backend proton_mode proton_hook proton_output_format capture_torch_profiler
    detailed_trace_annotation torch_profiler_activities proton_graph_attribution`,
  ),
  SpeculativeConfig: names(
    `enforce_eager num_speculative_tokens model method draft_tensor_parallel_size quantization
    max_model_len revision code_revision disable_by_batch_size disable_padded_drafter_batch
    prompt_lookup_max prompt_lookup_min speculative_token_tree target_model_config
    target_parallel_config draft_model_config draft_parallel_config
    suffix_decoding_max_tree_depth suffix_decoding_max_cached_requests
    suffix_decoding_max_spec_factor suffix_decoding_min_token_prob tensor_parallel_size
    moe_backend use_local_argmax_reduction parallel_drafting draft_load_config
    rejection_sample_method synthetic_acceptance_rate attention_backend
    num_speculative_tokens_per_batch_size synthetic_acceptance_rates synthetic_acceptance_length
    draft_sample_method kv_cache_dtype use_heterogeneous_vocab enable_adaptive_verification
    dspark_draft_topk index_share_for_mtp_iteration disable_eagle_block_drop
    disable_lookahead_block_hashes draft_lm_head_quantization xpress_topc fly_window_size
    fly_entropy_threshold fly_entropy_top_k`,
  ),
  StructuredOutputsConfig: names(
    `backend disable_fallback disable_any_whitespace disable_additional_properties
    reasoning_parser reasoning_parser_plugin enable_in_reasoning`,
  ),
};

/** The releases whose keys were read. */
export const KEYS_OF = /^0\.(?:19|24|28|33)\./;

/** Methods of speculative decoding, of the same releases. */
export const SPECULATIVE_METHODS = names(
  `ngram medusa mlp_speculator draft_model suffix custom_class eagle eagle3 extract_hidden_states
  deepseek_mtp mimo_mtp mimo_v2_mtp glm4_moe_mtp glm4_moe_lite_mtp glm_ocr_mtp ernie_mtp
  nemotron_h_mtp exaone_moe_mtp exaone4_5_mtp qwen3_next_mtp qwen3_5_mtp longcat_flash_mtp
  minimax_m3_mtp mtp pangu_ultra_moe_mtp step3p5_mtp hy_v3_mtp gemma4_mtp dflash ngram_gpu
  dots3_note_mtp bailing_hybrid_v3_mtp bailing_hybrid_mtp kimi_k3_mtp inkling_mtp dspark
  qwen4_exp_mtp step5_mtp hy_v4_mtp glm5_next_mtp`,
);
