/**
 * Operator classes that are the default of their type, by access method: naming one is the same as naming none.
 * (`SELECT opcname FROM pg_opclass WHERE opcdefault`, PostgreSQL 14 to 18; the same in all of them.)
 */
const defaults: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    brin: `bit_minmax_ops box_inclusion_ops bpchar_minmax_ops bytea_minmax_ops char_minmax_ops
      date_minmax_ops float4_minmax_ops float8_minmax_ops inet_inclusion_ops int2_minmax_ops
      int4_minmax_ops int8_minmax_ops interval_minmax_ops macaddr8_minmax_ops macaddr_minmax_ops
      name_minmax_ops numeric_minmax_ops oid_minmax_ops pg_lsn_minmax_ops range_inclusion_ops
      text_minmax_ops tid_minmax_ops time_minmax_ops timestamp_minmax_ops timestamptz_minmax_ops
      timetz_minmax_ops uuid_minmax_ops varbit_minmax_ops`,
    btree: `array_ops bit_ops bool_ops bpchar_ops bytea_ops char_ops date_ops enum_ops float4_ops float8_ops
      inet_ops int2_ops int4_ops int8_ops interval_ops jsonb_ops macaddr8_ops macaddr_ops money_ops
      multirange_ops name_ops numeric_ops oid_ops oidvector_ops pg_lsn_ops range_ops record_ops
      text_ops tid_ops time_ops timestamp_ops timestamptz_ops timetz_ops tsquery_ops tsvector_ops
      uuid_ops varbit_ops xid8_ops`,
    gin: `array_ops jsonb_ops tsvector_ops`,
    gist: `box_ops circle_ops multirange_ops point_ops poly_ops range_ops tsquery_ops tsvector_ops`,
    hash: `aclitem_ops array_ops bool_ops bpchar_ops bytea_ops char_ops cid_ops date_ops enum_ops float4_ops
      float8_ops inet_ops int2_ops int4_ops int8_ops interval_ops jsonb_ops macaddr8_ops macaddr_ops
      multirange_ops name_ops numeric_ops oid_ops oidvector_ops pg_lsn_ops range_ops record_ops
      text_ops tid_ops time_ops timestamp_ops timestamptz_ops timetz_ops uuid_ops xid8_ops xid_ops`,
    spgist: `box_ops inet_ops poly_ops quad_point_ops range_ops text_ops`,
  }).map(([method, names]) => [method, new Set(names.split(/\s+/))]),
);

/** The operator class, or `null` when it is what the engine takes anyway. */
export function withoutDefaultOperatorClass(method: string, operatorClass: string | null): string | null {
  if (operatorClass === null) return null;
  const bare = operatorClass.replace(/^pg_catalog\./, "");
  return defaults[method]?.has(bare) === true ? null : bare;
}
