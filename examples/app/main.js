// An application that talks to the model of a stack. It knows nothing of RunPod or Pulumi:
//   OPENAI_BASE_URL=$(pulumi stack output openaiBaseUrl) node main.js "Why is the sky blue?"
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL,
  // The model server's own key, if it asks for one; never RunPod's.
  apiKey: process.env.OPENAI_API_KEY ?? "none",
});

const question = process.argv[2] ?? "Say hello in one sentence.";
const [model] = (await client.models.list()).data;
const stream = await client.chat.completions.create({
  model: process.env.MODEL ?? model.id,
  messages: [{ role: "user", content: question }],
  stream: true,
});

for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");
