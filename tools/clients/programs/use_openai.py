"""OpenAI's Python library, on a pod with vLLM and on a serverless endpoint with RunPod's vLLM worker."""

import asyncio
import os

import openai

from steps import cannot, refused, step

MODEL = os.environ["MODEL"]
MESSAGES = [{"role": "user", "content": "Hello"}]


def connect(url, key):
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0)


pod = connect(os.environ["POD_OPENAI_URL"], os.environ["POD_OPENAI_KEY"])
endpoint = connect(os.environ["ENDPOINT_OPENAI_URL"], os.environ["RUNPOD_API_KEY"])


def models(client):
    assert client.models.list().data[0].id == MODEL


def chat(client):
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert answer.choices[0].message.content


def chat_streamed(client):
    options = {"include_usage": True}
    stream = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, stream=True, stream_options=options
    )
    chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-1].usage.completion_tokens > 0


def completions(client):
    answer = client.completions.create(model=MODEL, prompt=["Hello", "Hi"])
    assert len(answer.choices) == 2


def responses():
    assert pod.responses.create(model=MODEL, input="Hello").output_text


def responses_streamed():
    events = list(pod.responses.create(model=MODEL, input="Hi", stream=True))
    assert events[-1].type == "response.completed"


def choices():
    answer = pod.chat.completions.create(model=MODEL, messages=MESSAGES, n=3, logprobs=True)
    assert len(answer.choices) == 3
    assert answer.choices[0].logprobs.content


def json_by_schema():
    # The library brings pydantic along.
    from pydantic import BaseModel

    class Place(BaseModel):
        city: str
        people: int

    answer = pod.chat.completions.parse(model=MODEL, messages=MESSAGES, response_format=Place)
    assert isinstance(answer.choices[0].message.parsed, Place)


def forced_tool():
    parameters = {"type": "object", "properties": {"city": {"type": "string"}}}
    function = {"name": "weather", "parameters": parameters}
    answer = pod.chat.completions.create(
        model=MODEL,
        messages=MESSAGES,
        tools=[{"type": "function", "function": function}],
        tool_choice={"type": "function", "function": {"name": "weather"}},
    )
    assert answer.choices[0].message.tool_calls[0].function.name == "weather"


def asynchronous():
    async def ask():
        url, key = os.environ["POD_OPENAI_URL"], os.environ["POD_OPENAI_KEY"]
        async with openai.AsyncOpenAI(base_url=url, api_key=key) as client:
            return await client.chat.completions.create(model=MODEL, messages=MESSAGES)

    assert asyncio.run(ask()).choices[0].message.content


def wrong_key():
    stranger = connect(os.environ["POD_OPENAI_URL"], "wrong")
    refused(openai.AuthenticationError, stranger.models.list)


def ask_with(**changes):
    return pod.chat.completions.create(**{"model": MODEL, "messages": MESSAGES, **changes})


for client, prefix in [(pod, ""), (endpoint, "endpoint: ")]:
    for act in [models, chat, chat_streamed, completions]:
        name = act.__name__.replace("_", ", ")
        step(prefix + name, lambda act=act, client=client: act(client))
step("responses", responses)
step("responses, streamed", responses_streamed)
step("three choices with log probabilities", choices)
step("JSON by a schema", json_by_schema)
step("a forced tool", forced_tool)
step("chat, asynchronous", asynchronous)
step("a wrong key is refused", wrong_key)
step(
    "an unknown model is refused",
    lambda: refused(openai.NotFoundError, lambda: ask_with(model="gpt-2")),
)
step(
    "too many tokens are refused",
    lambda: refused(openai.BadRequestError, lambda: ask_with(max_tokens=1_000_000)),
)
cannot(
    "models.retrieve",
    "vLLM has no route for one model",
    "404",
    lambda: pod.models.retrieve(MODEL),
)
cannot(
    "embeddings",
    "a chat model of vLLM has none",
    "404",
    lambda: pod.embeddings.create(model=MODEL, input="Hello"),
)
