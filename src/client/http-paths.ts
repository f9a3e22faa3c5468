/** More methods than clients call by names known only at run time, without bound. */
const MAX_KEPT = 10_000;

/** The paths of methods, put together once. */
export class HttpPaths {
  private readonly byService = new Map<string, Map<string, string>>();
  private kept = 0;

  of(service: string, method: string): string {
    return this.byService.get(service)?.get(method) ?? this.make(service, method);
  }

  private make(service: string, method: string): string {
    const path = `/api/${encodeURIComponent(service)}/${encodeURIComponent(method)}`;
    if (this.kept === MAX_KEPT) return path;
    this.kept++;
    const paths = this.byService.get(service) ?? new Map<string, string>();
    this.byService.set(service, paths.set(method, path));
    return path;
  }
}
