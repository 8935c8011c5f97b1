// Your own policy pack: `pulumi preview --policy-pack examples/custom-policy`.
import { PolicyPack } from "@pulumi/policy";
import { runpodPolicies } from "@runpod-stack/policies";
import { podName, volumeInUse } from "./policies";

new PolicyPack("acme", { policies: [...runpodPolicies(), podName, volumeInUse] });
