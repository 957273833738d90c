/** The same URL with another database. */
export function withDatabase(url: string, name: string): string {
  const [, start = "", authority = "", query = ""] =
    /^(postgres(?:ql)?:)(\/\/[^/?#]*)?(?:\/[^?#]*)?(?:\?([^#]*))?/is.exec(url) ?? [];
  const options = query.split("&").filter((one) => one !== "" && !/^dbname=/.test(one));
  return `${start}${authority === "" ? "//" : authority}/${encodeURIComponent(name)}${options.length === 0 ? "" : `?${options.join("&")}`}`;
}
