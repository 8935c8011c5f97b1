import type { CreateCostCenterRequest, UpdateCostCenterRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Account } from "../state/store";
import { checkedResources, detach } from "./attributions";
import type { ObjectRules } from "./rules";

export const costCenters: ObjectRules<
  "costCenters",
  CreateCostCenterRequest,
  UpdateCostCenterRequest
> = {
  kind: "costCenters",
  noun: "cost center",
  idPrefix: "cc_",
  idLength: 20,
  createSchema: "CreateCostCenterRequest",
  create(account, { value, resources }) {
    const trimmed = value.trim();
    checkUnique(account, trimmed);
    const attributed = checkedResources(account, resources);
    // A resource has at most one cost center.
    for (const other of account.costCenters.all()) {
      for (const resource of attributed) {
        detach(other, resource);
      }
    }
    return { value: trimmed, resources: attributed };
  },
  update: {
    schema: "UpdateCostCenterRequest",
    apply(account, costCenter, { value }) {
      const trimmed = value.trim();
      if (trimmed !== costCenter.value) {
        checkUnique(account, trimmed);
      }
      costCenter.value = trimmed;
    },
  },
  view: ({ id, value }) => ({ id, value }),
  label: ({ value }) => value,
  filters: {
    search: ({ value }, text) => value.toLowerCase().includes(text.toLowerCase()),
  },
};

function checkUnique({ costCenters: all }: Account, value: string): void {
  if ([...all.peek()].some((costCenter) => costCenter.value === value)) {
    throw new ApiError(409, `a cost center "${value}" already exists`);
  }
}
