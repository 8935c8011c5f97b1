// Asks the model one question, and fails unless the answer contains what is expected.
const { OPENAI_BASE_URL, EXPECTED } = process.env;

const { data } = await get("/models");
const { choices } = await get("/chat/completions", {
  model: data[0].id,
  messages: [{ role: "user", content: "Repeat this number and nothing else: 4217 /no_think" }],
  temperature: 0,
  seed: 1,
});
const answer = choices[0].message.content;
if (!answer.includes(EXPECTED)) {
  console.error(
    `The model answered ${JSON.stringify(answer)}, which does not contain ${EXPECTED}.`,
  );
  process.exit(1);
}
console.log(answer);

async function get(path, body) {
  const response = await fetch(OPENAI_BASE_URL + path, {
    signal: AbortSignal.timeout(60_000),
    ...(body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
