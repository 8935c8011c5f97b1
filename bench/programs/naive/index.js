// BENCH_COUNT pods of a dynamic provider written in an afternoon, following Pulumi's guide.
const pulumi = require("@pulumi/pulumi");

const RETRIES = 5;
const POLL_MS = 3_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Retries what may be a temporary failure after 1, 2, 4, 8 and 16 seconds. */
async function request(method, path, body) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send(method, path, body);
    } catch (error) {
      const isPassing = error.status === undefined || error.status === 429 || error.status >= 500;
      if (!isPassing || attempt === RETRIES) {
        throw error;
      }
      await sleep(1_000 * 2 ** attempt);
    }
  }
}

async function send(method, path, body) {
  const response = await fetch(`${process.env.RUNPOD_REST_V2_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env.RUNPOD_API_KEY}`,
      "content-type": "application/json",
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    const error = new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    throw Object.assign(error, { status: response.status });
  }
  return response.status === 204 ? undefined : await response.json();
}

async function waitUntilRunning(id) {
  for (;;) {
    const pod = await request("GET", `/pods/${id}`);
    if (pod.status === "RUNNING") {
      return pod;
    }
    if (pod.status === "ERROR") {
      throw new Error(`pod ${id} failed`);
    }
    await sleep(POLL_MS);
  }
}

/** The body of a create, and of a change. */
function bodyOf({ name, image, cmd, disk, ports, env }) {
  return { name, image, cmd, disk, ports, env };
}

const provider = {
  async create(inputs) {
    const { gpuTypeId, volume } = inputs;
    const { id } = await request("POST", "/pods", {
      ...bodyOf(inputs),
      gpu: { id: gpuTypeId, count: 1 },
      mounts: { persistent: volume },
    });
    const { status, cost } = await waitUntilRunning(id);
    return { id, outs: { ...inputs, status, cost } };
  },

  async diff(_id, olds, news) {
    const isChanged = (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]);
    const replaces = ["gpuTypeId", "volume"].filter(isChanged);
    const changes = replaces.length > 0 || Object.keys(bodyOf(news)).some(isChanged);
    return { changes, replaces, deleteBeforeReplace: true };
  },

  async update(id, _olds, news) {
    await request("PATCH", `/pods/${id}`, bodyOf(news));
    const { status, cost } = await waitUntilRunning(id);
    return { outs: { ...news, status, cost } };
  },

  async read(id, props) {
    try {
      const { name, image, disk, status, cost } = await request("GET", `/pods/${id}`);
      return { id, props: { ...props, name, image, disk, status, cost } };
    } catch (error) {
      if (error.status === 404) {
        return {};
      }
      throw error;
    }
  },

  async delete(id) {
    try {
      await request("DELETE", `/pods/${id}`);
    } catch (error) {
      if (error.status !== 404) {
        throw error;
      }
    }
  },
};

class NaivePod extends pulumi.dynamic.Resource {
  constructor(name, inputs, options) {
    super(provider, name, { status: undefined, cost: undefined, ...inputs }, options);
  }
}

const count = Number(process.env.BENCH_COUNT);

for (let index = 0; index < count; index++) {
  new NaivePod(`n${index}`, {
    name: `n${index}`,
    image: "vllm/vllm-openai:v0.20.0",
    cmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpuTypeId: "NVIDIA L4",
    disk: 30,
    volume: { size: 20, path: "/root/.cache/huggingface" },
    ports: ["8000/http"],
    env: { HF_TOKEN: "hf_0123456789abcdef", VLLM_LOGGING_LEVEL: "INFO" },
  });
}
