// An application that talks to the model of a stack. It does not depend on RunPod or Pulumi:
//   OPENAI_BASE_URL=$(pulumi stack output openaiBaseUrl) node main.js "Why is the sky blue?"
import OpenAI from "openai";

const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey = "none" } = process.env;
// Without a base URL, the client would call OpenAI.
if (!baseURL) {
  console.error("Set OPENAI_BASE_URL to the stack's output openaiBaseUrl.");
  process.exit(1);
}

// The key of the model server, if it requires one. Never RunPod's.
const client = new OpenAI({ baseURL, apiKey });

const question = process.argv[2] ?? "Say hello in one sentence.";
const [model] = (await client.models.list()).data;
const stream = await client.chat.completions.create({
  model: process.env.MODEL ?? model.id,
  messages: [{ role: "user", content: question }],
  stream: true,
});

for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
process.stdout.write("\n");
