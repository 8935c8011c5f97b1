import {
  type GpuPrices,
  gpuType,
  gpuTypes,
  type PriceTable,
  type GpuType as ShippedType,
} from "@runpod-stack/models";
import type { GpuType } from "../../api";

/** The price of a GPU type today, next to the bundled price. */
export interface ComparedPrice extends GpuPrices {
  readonly id: string;
  readonly displayName: string;
  readonly memoryGb: number;
  /** Null for a type that is not in the bundled table. */
  readonly shipped: (GpuPrices & { readonly date: string | null }) | null;
  /** `gone`: the catalog no longer has the type. */
  readonly change: "price" | "new" | "gone" | null;
}

/** The catalog's prices in the form that the policies accept. @param now in milliseconds since 1970 */
export function priceTable(catalog: readonly GpuType[], now: number): PriceTable {
  const gpus = sorted(catalog).map(
    (gpu) => [gpu.id, { ...pricesOf(gpu), ...workerPrice(gpu) }] as const,
  );
  return { date: new Date(now).toISOString().slice(0, 10), gpus: Object.fromEntries(gpus) };
}

/** All GPU types of the catalog and of the package, by their ids. */
export function comparePrices(catalog: readonly GpuType[]): ComparedPrice[] {
  const listed = new Set(catalog.map(({ id }) => gpuType(id)));
  const gone = gpuTypes().filter((type) => !listed.has(type));
  return sorted([...catalog.map(compared), ...gone.map(missing)]);
}

function compared(gpu: GpuType): ComparedPrice {
  const { id, name: displayName, memory: memoryGb } = gpu;
  const prices = pricesOf(gpu);
  const type = gpuType(id);
  const shipped = type ? shippedPrices(type) : null;
  const isSame = shipped?.secure === prices.secure && shipped.community === prices.community;
  const change = shipped === null ? "new" : isSame ? null : "price";
  return { id, displayName, memoryGb, ...prices, shipped, change };
}

function missing(type: ShippedType): ComparedPrice {
  const { id, displayName, memoryGb } = type;
  const shipped = shippedPrices(type);
  return { id, displayName, memoryGb, secure: null, community: null, shipped, change: "gone" };
}

/** If a cloud does not offer a type, its price is 0 or has no meaning. RunPod may leave any of this out. */
function pricesOf({ secure, community, price, maxCount }: Partial<GpuType>): GpuPrices {
  const offered = (isOffered = false, price = 0, most = 0) =>
    isOffered && price > 0 && most > 0 ? price : null;
  return {
    secure: offered(secure, price?.secure, maxCount?.secure),
    community: offered(community, price?.community, maxCount?.community),
  };
}

/** Serverless endpoints do not have all types. */
function workerPrice({ price }: Partial<GpuType>): Pick<GpuPrices, "serverless"> {
  const serverless = price?.serverless ?? 0;
  return serverless > 0 ? { serverless } : {};
}

function shippedPrices({ securePrice, communityPrice, priceDate }: ShippedType) {
  return { secure: securePrice, community: communityPrice, date: priceDate };
}

function sorted<T extends { readonly id: string }>(types: readonly T[]): T[] {
  return types.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
