"""The gate's SQL, for asyncpg ($n) and for Django's connection (%s): the same statement by either door."""

import re

# Values that hold one thing for each message come as array literals and packed bytes: a driver's own arrays
# cost more time than all the rest of the gate's Python (docs/methods/merkle.md, "What it costs").
ACCEPT = """
WITH incoming AS (
    SELECT i.*, substring($3::bytea FROM start FOR length) AS raw,
        substring($4::bytea FROM 80 * place_n::int + 1 FOR 32) AS digest,
        substring($4::bytea FROM 80 * place_n::int + 33 FOR 32) AS entry,
        substring($4::bytea FROM 80 * place_n::int + 65 FOR 16) AS salt
    FROM (
        SELECT *, ordinal - 1 AS place_n
        FROM unnest($1::text::uuid[], $2::text::int[], $5::text::int[], $6::text::text[], $7::text::text[],
                    $8::text::text[], $9::text::text[], $10::text::text[], $11::text::text[], $12::text::text[],
                    $13::text::timestamptz[], $14::text::uuid[], $15::text::uuid[], $16::text::text[])
        WITH ORDINALITY AS u (id, start, length, kind, election, place, area, agency, sender_kind, sender_area,
                              captured_at, device, person, files, ordinal)
    ) AS i
), active AS (
    SELECT d.id FROM agencies_device d JOIN agencies_post p ON p.id = d.post_id
    WHERE d.id = ANY ($14::text::uuid[]) AND d.revoked_at IS NULL AND (p.ends_on IS NULL OR p.ends_on > $17::date)
), kept AS (
    INSERT INTO gate_message (id, raw, digest, kind, election, place, area, agency, sender_kind, sender_area,
                              captured_at, is_ahead, device, person, files, audience, sensitivity, created_at)
    SELECT id, raw, digest, kind, election, place, area, agency, sender_kind, sender_area,
           captured_at, captured_at > $19::timestamptz, device, person,
           CASE WHEN files = '' THEN '{}' ELSE string_to_array(files, ' ') END, '{}', 3, $18::timestamptz
    FROM incoming WHERE device IS NULL OR device IN (SELECT id FROM active)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, n
), sealed AS (
    INSERT INTO ledger_group (id, node, at, size, hashes, signature)
    SELECT $20::uuid, $21::text, $18::timestamptz, $22::int, $23::bytea, $24::bytea WHERE EXISTS (SELECT FROM kept)
), leaves AS (
    INSERT INTO ledger_leaf (n, entry, salt, "group", place)
    SELECT k.n, i.entry, i.salt, $20::uuid, i.place_n FROM kept k JOIN incoming i USING (id)
)
SELECT i.place_n AS place, i.device IS NULL OR i.device IN (SELECT id FROM active) AS is_active
FROM incoming i LEFT JOIN kept k USING (id) WHERE k.id IS NULL
"""

KNOWN = """
SELECT m.id, m.digest, l.salt, l.place, g.node, g.at, g.hashes, g.signature
FROM gate_message m JOIN ledger_leaf l ON l.n = m.n JOIN ledger_group g ON g.id = l."group"
WHERE m.id = ANY ($1::uuid[])
"""

CONFLICT = """
INSERT INTO gate_conflict (id, message, raw, digest, device, area, agency, audience, sensitivity, created_at)
SELECT id, message, raw, digest, device, area, agency, '{}', 3, $8::timestamptz
FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::uuid[], $6::text[], $7::text[])
    AS i (id, message, raw, digest, device, area, agency)
ON CONFLICT (message, digest) DO NOTHING
"""

FILE_KEPT = """
INSERT INTO gate_file (id, sha256, size, type, device, area, agency, audience, sensitivity, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', 3, $8) ON CONFLICT (sha256, agency) DO NOTHING
"""

FILE_KNOWN = "SELECT size FROM gate_file WHERE sha256 = $1 AND agency = $2"

DEVICE_ACTIVE = """
SELECT 1 FROM agencies_device d JOIN agencies_post p ON p.id = d.post_id
WHERE d.id = $1 AND d.revoked_at IS NULL AND (p.ends_on IS NULL OR p.ends_on > $2)
"""

_PLACEHOLDER = re.compile(r"\$(\d+)")


def for_django(statement: str) -> str:
    """The statement with named placeholders `%(p1)s`, as Django's connection takes them."""
    return _PLACEHOLDER.sub(r"%(p\1)s", statement)
