import type { CreateCostCenterRequest, NamedCostCenter, UpdateCostCenterRequest } from "../../api";
import { type CostCenterInputs, costCenterFields, fromWire, toWire } from "../../schema";
import { namedHandler } from "../lifecycle/named-handler";

/** Cost centers, by which invoices group what resources cost. */
export const costCenterHandler = namedHandler<
  CostCenterInputs,
  NamedCostCenter,
  CreateCostCenterRequest,
  UpdateCostCenterRequest
>({
  kind: "CostCenter",
  fields: costCenterFields,
  objects: ({ costCenters, api }) => ({ snapshot: costCenters, api: api.costCenters }),

  body: (inputs, fields) => toWire(costCenterFields, inputs, fields),
  observed: (costCenter) => fromWire(costCenterFields, costCenter, {}),
  fits: () => true,
});
