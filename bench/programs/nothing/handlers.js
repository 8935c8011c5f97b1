let created = 0;

const outputs = {
  name: "a-pod",
  revision: 1,
  gpuTypeId: "NVIDIA L4",
  dataCenterId: "EU-RO-1",
  costPerHr: 0.43,
  endpointUrls: { 8000: "https://a-pod-8000.proxy.example" },
  sshCommand: "ssh a-pod@ssh.example",
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
