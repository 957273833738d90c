/**
 * Functions of the server's own, and of the extensions that come with it, that are stable or immutable (`pg_proc` of
 * PostgreSQL 18). Those behind operators, types and index methods, which nobody calls by their name, are not here.
 */
export const stableFunctions: ReadonlySet<string> = new Set(
  `abbrev abs acldefault aclexplode acos acosd acosh age area array_agg array_append array_cat array_dims
  array_fill array_length array_lower array_ndims array_position array_positions array_prepend array_remove
  array_replace array_reverse array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin
  asind asinh atan atan2 atan2d atand atanh avg bit bit_count bit_length bool bool_and bool_anytrue bool_or box
  bpchar btrim bytea cardinality casefold cbrt ceil ceiling center char char_length character_length chr cidr
  circle coalesce col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd
  count crc32 crc32c crypt current_database current_schema current_schemas current_setting current_user
  database_to_xml database_to_xml_and_xmlschema database_to_xmlschema date date_add date_bin date_part
  date_subtract date_trunc datemultirange daterange decode degrees dense_rank diagonal diameter digest div encode
  enum_first enum_last enum_range erf erfc every exp extract factorial first_value float4 float8 floor format
  format_type gamma gcd generate_series generate_subscripts get_bit get_byte get_current_ts_config
  getdatabaseencoding getpgusername greatest has_schema_privilege has_table_privilege hashtext hashtextextended
  height hmac host hostmask hstore icu_unicode_version inet_client_addr inet_client_port inet_server_addr
  inet_server_port initcap int2 int4 int4multirange int4range int8 int8multirange int8range interval is_normalized
  isclosed isempty isfinite ishorizontal isparallel isperp isvertical json_agg json_array_elements
  json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
  json_object json_object_agg json_object_keys json_populate_record json_populate_recordset json_strip_nulls
  json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_agg jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
  jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
  jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
  jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
  jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval
  lag last_value lcm lead least left length lgamma like like_escape line ln localtime localtimestamp log log10
  lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time
  make_timestamp make_timestamptz makeaclitem masklen max md5 min min_scale mod mode money multirange mxid_age
  name netmask network normalize notlike now npoints nth_value ntile nullif num_nonnulls num_nulls numeric
  nummultirange numnode numrange obj_description octet_length oid overlaps overlay parse_ident path
  percentile_cont percentile_disc pg_backend_pid pg_current_xact_id pg_get_constraintdef pg_get_expr
  pg_get_indexdef pg_get_serial_sequence pg_get_userbyid pg_get_viewdef pg_is_in_recovery pg_relation_size
  pg_size_pretty pg_table_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery point polygon position pow
  power querytree quote_ident quote_literal quote_nullable radians radius range_merge rank regclass regexp_count
  regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
  regexp_substr repeat replace reverse right round row_number row_security_active row_to_json rpad rtrim scale
  schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema session_user set_bit set_byte set_masklen
  setweight sha224 sha256 sha384 sha512 shell_in shell_out show_trgm sign similar_escape similar_to_escape
  similarity sin sind sinh slope split_part sqrt st_geomfromtext st_makepoint st_point st_setsrid starts_with
  statement_timestamp stddev string_agg string_to_array string_to_table strip strpos substr substring sum
  system_user table_to_xml table_to_xml_and_xmlschema table_to_xmlschema tan tand tanh text time timestamp
  timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass
  to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype
  to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc
  ts_rank tsmultirange tsrange tstzmultirange tstzrange txid_current unaccent unicode_assigned unicode_version
  unistr unnest upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version uuid_nil uuid_ns_dns
  uuid_ns_oid uuid_ns_url uuid_ns_x500 var_pop varbit varchar variance version websearch_to_tsquery width
  width_bucket xml xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlelement
  xmlexists xmltext xmlvalidate xpath xpath_exists`.split(/\s+/),
);

/** Volatile ones that touch no table. */
export const volatileFunctions: ReadonlySet<string> = new Set(
  `array_sample array_shuffle clock_timestamp current_query currval gen_random_bytes gen_random_uuid gen_salt lastval
  nextval pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
  pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_cancel_backend pg_notify pg_reload_conf
  pg_sleep pg_sleep_for pg_sleep_until pg_stat_reset pg_terminate_backend pg_try_advisory_lock
  pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared random random_normal set_config
  setseed setval timeofday uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuidv4
  uuidv7`.split(/\s+/),
);
