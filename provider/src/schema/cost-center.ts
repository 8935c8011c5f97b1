import type {
  CostCenter,
  CreateCostCenterRequest,
  UpdateCostCenterRequest,
} from "@runpod-stack/openapi";
import type { FieldTable } from "./field";
import { text } from "./values";

/** Inputs of a cost center, by which invoices group what resources cost. */
export interface CostCenterInputs {
  /** The cost center's name on invoices, up to 50 characters. Earlier invoices keep the earlier name. */
  value: string;
}

/** RunPod's request and response bodies for cost centers. */
interface CostCenterWire {
  readonly request: CreateCostCenterRequest & UpdateCostCenterRequest;
  readonly answer: CostCenter;
}

const name = text
  .max(50, "must have at most 50 characters")
  .refine((value) => value === value.trim(), "must not begin or end with a space. Remove it");

export const costCenterFields: FieldTable<CostCenterInputs, CostCenterWire> = {
  value: {
    value: name,
    required: true,
    change: "update",
    removal: "change",
    wire: "value",
    observed: true,
  },
};
