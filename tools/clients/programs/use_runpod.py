"""RunPod's Python library: a pod's life over GraphQL, and jobs on a serverless endpoint."""

import os

import openai
import runpod

from steps import refused, step

MODEL = os.environ["MODEL"]
GPU = "NVIDIA L4"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGV4YW1wbGU somebody@example.com"
HELLO = {"prompt": "Hello"}
SLOW = {"input": {"emulator": {"seconds": 600}}}
runpod.api_key = os.environ["RUNPOD_API_KEY"]


def update_keys():
    runpod.update_user_settings(KEY)
    assert runpod.get_user()["pubKey"] == KEY


def pods():
    return [pod["id"] for pod in runpod.get_pods()]


def serve():
    template = runpod.create_template(
        name="serve",
        image_name="vllm/vllm-openai:v0.24.0",
        docker_start_cmd=f"--model {MODEL}",
        container_disk_in_gb=40,
        ports="8000/http",
    )
    return template["id"]


def client(pod_id):
    address = os.environ["RUNPOD_PROXY_URL"].format(podId=pod_id, port=8000)
    return openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def models(pod_id):
    assert client(pod_id).models.list().data[0].id == MODEL


def chat(pod_id, stream):
    messages = [{"role": "user", "content": "Hello"}]
    answer = client(pod_id).chat.completions.create(model=MODEL, messages=messages, stream=stream)
    assert list(answer) if stream else answer.choices[0].message.content


def status(pod_id, word):
    assert runpod.get_pod(pod_id)["desiredStatus"] == word


def stop(pod_id):
    runpod.stop_pod(pod_id)
    status(pod_id, "EXITED")


def resume(pod_id):
    runpod.resume_pod(pod_id, gpu_count=1)
    status(pod_id, "RUNNING")


def terminate(pod_id):
    runpod.terminate_pod(pod_id)
    assert pod_id not in pods()


def no_gpu():
    refused(ValueError, lambda: runpod.create_pod("none", "ubuntu:24.04", "NVIDIA Nothing"))


def wrong_key():
    refused(runpod.error.AuthenticationError, lambda: runpod.get_pods(api_key="rpa_wrong"))


def has(found, *wanted):
    assert set(wanted) <= set(found), f"{wanted} are not all in {found}"


def equal(found, wanted):
    assert found == wanted, f"{found} is not {wanted}"


step("get_user", runpod.get_user)
step("update_user_settings", update_keys)
step("get_gpus", lambda: has([gpu["id"] for gpu in runpod.get_gpus()], GPU))
step("get_gpu", lambda: equal(runpod.get_gpu(GPU)["id"], GPU))
template_id = step("create_template", serve)
pod_id = step(
    "create_pod",
    lambda: runpod.create_pod(
        "serve", gpu_type_id=GPU, cloud_type="SECURE", template_id=template_id
    )["id"],
)
cpu_id = step(
    "create_pod on CPUs",
    lambda: runpod.create_pod("work", "ubuntu:24.04", instance_id="cpu3c-2-4")["id"],
)
step("get_pods", lambda: has(pods(), pod_id, cpu_id))
step("get_pod", lambda: status(pod_id, "RUNNING"))
step("models of the pod", lambda: models(pod_id))
step("chat with the pod", lambda: chat(pod_id, stream=False))
step("chat with the pod, streamed", lambda: chat(pod_id, stream=True))
step("stop_pod", lambda: stop(pod_id))
step("resume_pod", lambda: resume(pod_id))
step("models after a resume", lambda: models(pod_id))
step("an unknown GPU is refused", no_gpu)
step("a wrong key is refused", wrong_key)
step("terminate_pod", lambda: [terminate(pod) for pod in (pod_id, cpu_id)])

endpoint = runpod.Endpoint(os.environ["ENDPOINT_ID"])
job = step("Endpoint.run", lambda: endpoint.run(HELLO))
step("Job.output", lambda: equal(job.output(timeout=30)["input"], HELLO))
step("Job.status", lambda: equal(job.status(), "COMPLETED"))
chunks = step("Endpoint.run, yielding", lambda: endpoint.run({"emulator": {"chunks": ["a", "b"]}}))
step("Job.stream", lambda: equal(list(chunks.stream()), ["a", "b"]))
step("Endpoint.run_sync", lambda: equal(endpoint.run_sync(HELLO)["input"], HELLO))
step("Endpoint.health", lambda: endpoint.health()["workers"])
step("Job.cancel", lambda: equal(endpoint.run(SLOW).cancel()["status"], "CANCELLED"))
step("Endpoint.purge_queue", lambda: endpoint.purge_queue()["removed"])
auth = step(
    "create_container_registry_auth",
    lambda: runpod.create_container_registry_auth("hub", "me", "secret")["id"],
)
step(
    "update_container_registry_auth",
    lambda: equal(runpod.update_container_registry_auth(auth, "you", "other")["id"], auth),
)
step("delete_container_registry_auth", lambda: runpod.delete_container_registry_auth(auth))
worker = runpod.create_template("worker", "acme/worker:1", is_serverless=True)["id"]
endpoint_id = step("create_endpoint", lambda: runpod.create_endpoint("answers", worker)["id"])
step("get_endpoints", lambda: has([one["id"] for one in runpod.get_endpoints()], endpoint_id))
step(
    "update_endpoint_template",
    lambda: equal(runpod.update_endpoint_template(endpoint_id, worker)["templateId"], worker),
)
