/** What the engine was doing when it failed. */
export type EngineStage = "device" | "allocation" | "weights" | "memory" | "compile";

/** File and line, function, and what stands in that line. */
type Frame = readonly [place: string, name: string, source: string];

/** The lines of a traceback down to its error, as Python 3.12 prints them. */
export function traceback(frames: readonly Frame[], error: readonly string[]): string[] {
  return ["Traceback (most recent call last):", ...frames.flatMap(frameLines), ...error];
}

function frameLines([place, name, source]: Frame): string[] {
  const [path = "", line = ""] = place.split(":");
  const file = /^[/<]/.test(path) ? path : `${PACKAGES}/${path}`;
  const head = `  File "${file}", line ${line}, in ${name}`;
  const marked = /^(?:[\w.]+ = |return )(.+)$/.exec(source)?.[1];
  const marks = marked === undefined ? [] : ["^".repeat(marked.length).padStart(4 + source.length)];
  return source === "" ? [head] : [head, `    ${source}`, ...marks];
}

const PACKAGES = "/usr/local/lib/python3.12/dist-packages";

/** From the command to where the server makes its engine. */
const SERVE: readonly Frame[] = [
  ["<frozen runpy>:198", "_run_module_as_main", ""],
  ["<frozen runpy>:88", "_run_code", ""],
  ["vllm/entrypoints/cli/main.py:101", "<module>", "main()"],
  ["vllm/entrypoints/cli/main.py:95", "main", "args.dispatch_function(args)"],
  ["vllm/entrypoints/cli/serve.py:148", "cmd", "uvloop.run(run_server(args))"],
  ["uvloop/__init__.py:96", "run", "return __asyncio.run("],
  ["/usr/lib/python3.12/asyncio/runners.py:194", "run", "return runner.run(main)"],
  [
    "/usr/lib/python3.12/asyncio/runners.py:118",
    "run",
    "return self._loop.run_until_complete(task)",
  ],
  ["uvloop/__init__.py:48", "wrapper", "return await main"],
  [
    "vllm/entrypoints/openai/api_server.py:663",
    "run_server",
    "await run_server_worker(listen_address, sock, args, **uvicorn_kwargs)",
  ],
  [
    "vllm/entrypoints/openai/api_server.py:677",
    "run_server_worker",
    "async with build_async_engine_client(",
  ],
  ["/usr/lib/python3.12/contextlib.py:210", "__aenter__", "return await anext(self.gen)"],
  [
    "vllm/entrypoints/openai/api_server.py:99",
    "build_async_engine_client",
    "async with build_async_engine_client_from_engine_args(",
  ],
  ["/usr/lib/python3.12/contextlib.py:210", "__aenter__", "return await anext(self.gen)"],
];

/** A configuration that is refused. */
export const CONFIGURE: readonly Frame[] = [
  ...SERVE,
  [
    "vllm/entrypoints/openai/api_server.py:123",
    "build_async_engine_client_from_engine_args",
    "vllm_config = engine_args.create_engine_config(usage_context=usage_context)",
  ],
  [
    "vllm/engine/arg_utils.py:1817",
    "create_engine_config",
    "model_config = self.create_model_config()",
  ],
  ["vllm/engine/arg_utils.py:1598", "create_model_config", "return ModelConfig("],
  [
    "pydantic/_internal/_dataclasses.py:121",
    "__init__",
    "s.__pydantic_validator__.validate_python(ArgsKwargs(args, kwargs), self_instance=s)",
  ],
];

/** The process that answers requests, when the engine did not start. */
export const WAIT_FOR_ENGINE: readonly Frame[] = [
  ...SERVE,
  [
    "vllm/entrypoints/openai/api_server.py:135",
    "build_async_engine_client_from_engine_args",
    "async_llm = AsyncLLM.from_vllm_config(",
  ],
  ["vllm/v1/engine/async_llm.py:217", "from_vllm_config", "return cls("],
  [
    "vllm/v1/engine/async_llm.py:146",
    "__init__",
    "self.engine_core = EngineCoreClient.make_async_mp_client(",
  ],
  [
    "vllm/v1/engine/core_client.py:132",
    "make_async_mp_client",
    "return AsyncMPClient(*client_args)",
  ],
  ["vllm/v1/engine/core_client.py:963", "__init__", "super().__init__("],
  ["vllm/v1/engine/core_client.py:573", "__init__", "with launch_core_engines("],
  ["/usr/lib/python3.12/contextlib.py:144", "__exit__", "next(self.gen)"],
  ["vllm/v1/engine/utils.py:1213", "launch_core_engines", "wait_for_engine_startup("],
  ["vllm/v1/engine/utils.py:1272", "wait_for_engine_startup", "raise RuntimeError("],
];

/** How Python started the engine's process. */
export const PROCESS: readonly Frame[] = [
  ["/usr/lib/python3.12/multiprocessing/process.py:314", "_bootstrap", "self.run()"],
  [
    "/usr/lib/python3.12/multiprocessing/process.py:108",
    "run",
    "self._target(*self._args, **self._kwargs)",
  ],
  ["vllm/v1/engine/core.py:1235", "run_engine_core", "raise e"],
];

const ENGINE: readonly Frame[] = [
  [
    "vllm/v1/engine/core.py:1200",
    "run_engine_core",
    "engine_core = EngineCoreProc(*args, engine_index=dp_rank, **kwargs)",
  ],
  ["vllm/v1/engine/core.py:966", "__init__", "super().__init__("],
];

const EXECUTOR: readonly Frame[] = [
  ...ENGINE,
  ["vllm/v1/engine/core.py:123", "__init__", "self.model_executor = executor_class(vllm_config)"],
  ["vllm/v1/executor/abstract.py:109", "__init__", "self._init_executor()"],
];

const LOAD: readonly Frame[] = [
  ...EXECUTOR,
  ["vllm/v1/executor/uniproc_executor.py:68", "_init_executor", "self.driver_worker.load_model()"],
  [
    "vllm/v1/worker/gpu_worker.py:384",
    "load_model",
    "self.model_runner.load_model(load_dummy_weights=load_dummy_weights)",
  ],
  ["vllm/v1/worker/gpu/model_runner.py:283", "load_model", "self.model = model_loader.load_model("],
];

const INITIALIZE_CACHE: readonly Frame[] = [
  ...ENGINE,
  [
    "vllm/v1/engine/core.py:133",
    "__init__",
    "kv_cache_config = self._initialize_kv_caches(vllm_config)",
  ],
];

/** Down to what the engine was doing when it failed. */
export const STAGES: Readonly<Record<EngineStage, readonly Frame[]>> = {
  device: [
    ...EXECUTOR,
    [
      "vllm/v1/executor/uniproc_executor.py:65",
      "_init_executor",
      "self.driver_worker.init_device()",
    ],
  ],
  weights: [
    ...LOAD,
    [
      "vllm/model_executor/model_loader/base_loader.py:64",
      "load_model",
      "self.load_weights(model, model_config)",
    ],
    [
      "vllm/model_executor/model_loader/default_loader.py:427",
      "load_weights",
      "loaded_weights = model.load_weights(self.get_all_weights(model_config, model))",
    ],
    [
      "vllm/model_executor/model_loader/default_loader.py:333",
      "get_all_weights",
      "yield from self._get_weights_iterator(primary_weights)",
    ],
  ],
  allocation: [
    ...LOAD,
    [
      "vllm/model_executor/model_loader/base_loader.py:55",
      "load_model",
      "model = initialize_model(",
    ],
    [
      "vllm/model_executor/model_loader/utils.py:62",
      "initialize_model",
      "model = model_class(vllm_config=vllm_config, prefix=prefix)",
    ],
    ["vllm/model_executor/layers/linear.py:198", "create_weights", "data=torch.empty("],
    ["torch/utils/_device.py:116", "__torch_function__", "return func(*args, **kwargs)"],
  ],
  memory: [
    ...INITIALIZE_CACHE,
    [
      "vllm/v1/engine/core.py:294",
      "_initialize_kv_caches",
      "kv_cache_configs = get_kv_cache_configs(",
    ],
    [
      "vllm/v1/core/kv_cache_utils.py:2101",
      "get_kv_cache_configs",
      "_check_enough_kv_cache_memory(",
    ],
    ["vllm/v1/core/kv_cache_utils.py:760", "_check_enough_kv_cache_memory", "raise ValueError("],
  ],
  compile: [
    ...INITIALIZE_CACHE,
    [
      "vllm/compilation/backends.py:706",
      "__call__",
      "self.split_gm, self.piecewise_graphs = split_graph(",
    ],
  ],
};
