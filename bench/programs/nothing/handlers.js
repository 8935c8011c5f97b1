let created = 0;

const outputs = {
  name: "n0-0123456789",
  cloudType: "SECURE",
  gpuCount: 1,
  desiredStatus: "RUNNING",
  revision: 1,
  gpuTypeId: "NVIDIA L4",
  dataCenterId: "EU-RO-1",
  costPerHr: 0.43,
  endpointUrls: { 8000: "https://0123456789abcd-8000.proxy.runpod.example" },
  sshCommand: "ssh 0123456789abcd-01234567@ssh.runpod.example",
  createdAt: "2026-01-01T00:00:00.000Z",
};

module.exports = {
  check: async (_, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: `nothing-${created++}`, outs: { ...inputs, ...outputs } }),
  read: async (id, props) => ({ id, props }),
  update: async (_, __, news) => ({ outs: { ...news, ...outputs } }),
  delete: async () => {},
};
