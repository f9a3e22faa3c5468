import { ServiceError } from "../errors/index.js";
import type { CallContext } from "./call-context.js";

/** What a caller of a `Topics` service asks for: a topic to publish to, or a pattern of topics. */
export type TopicRequest =
  | { readonly action: "publish"; readonly topic: string }
  | { readonly action: "subscribe"; readonly pattern: string };

/**
 * Whether a caller may; `call.caller` is who calls, as far as the server found out. Only `true` is
 * a permission. What it throws the caller gets, in place of PERMISSION_DENIED.
 */
export type AuthorizeTopics = (
  request: TopicRequest,
  call: CallContext,
) => boolean | Promise<boolean>;

/** Throws PERMISSION_DENIED for what is not allowed. */
export async function requirePermission(
  authorize: AuthorizeTopics,
  request: TopicRequest,
  call: CallContext,
): Promise<void> {
  if ((await authorize(request, call)) === true) return;
  const what = request.action === "publish" ? "publish to this topic" : "subscribe to this pattern";
  throw new ServiceError("PERMISSION_DENIED", `the caller may not ${what}`);
}
