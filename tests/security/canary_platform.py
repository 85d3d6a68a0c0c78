"""A platform full of canaries: whatever the role `analyst` must not see says so in its text.

Names, values, comments, definitions, notes and verified queries of denied things hold CANARY;
hidden numbers, dates and counts are ones that occur nowhere else.
"""

import json
import shutil
from pathlib import Path

import duckdb

from tests.assistant.guard.shop import FIXTURES, execute
from tests.catalogue.platforms import set_age, write_dbt
from tests.catalogue.test_metrics import DATA, MANIFEST

NUMBERS = ("71993", "71988", "987654321", "91234567", "2088")
"""All rows of gold.events, its hidden rows, a hidden amount, a hidden salary, a hidden year."""

SECRETS = """
ALTER TABLE gold.customers ADD COLUMN canary_token VARCHAR;
UPDATE gold.customers SET canary_token = 'CANARY TOKEN';
COMMENT ON COLUMN gold.customers.canary_token IS 'CANARY COMMENT of a denied column.';
COMMENT ON TABLE hr.salaries IS 'CANARY COMMENT of a denied table.';
CREATE TABLE hr.canary_reviews AS SELECT 'CANARY REVIEW' AS canary_text, 91234567 AS pay;
CREATE VIEW gold.canary_overview AS SELECT * FROM hr.canary_reviews;
CREATE VIEW gold.eu_orders AS SELECT id, region FROM gold.orders
    WHERE region = 'EU' AND note <> 'CANARY DEFINITION';
INSERT INTO gold.orders (id, customer_id, region, amount, ordered_at, status, note)
    VALUES (9999, 1, 'CANARY REGION', 98765432.75, '2088-08-08', 'canary status', 'CANARY');
CREATE TABLE gold.events AS SELECT i AS id, if(i <= 5, 'open', 'CANARY KIND') AS kind,
    if(i <= 5, i, 987654321) AS size, if(i <= 5, DATE '2024-01-01', DATE '2088-08-08') AS day
    FROM range(1, 71994) t(i);
INSERT INTO gold.dim_airline VALUES ('CN', 'CANARY Airways');
INSERT INTO gold.fct_flights SELECT 'CN' || i, 'CN', 'JFK', 'JFK-1', DATE '2013-05-05', 'CANARYED',
    8, 987654321, 987654321 FROM range(0, 40) t(i);
"""

POLICY = """
default_role: analyst
users: {"anna@example.org": [analyst, steward]}
roles:
  steward: {}
  canary_role: {}
  analyst:
    tables: {allow: ["gold.*"], deny: ["hr.*"]}
    columns:
      deny: ["customers.email", "*.ssn", "*.canary_token"]
      mask: {"customers.name": "left(name, 1) || '***'"}
    rows:
      "orders": "region = 'EU'"
      "events": "kind = 'open'"
      "fct_flights": "carrier <> 'CN'"
      "dim_airline": "carrier <> 'CN'"
      "eu_orders": "true"
"""

NOTES = """
entities:
  canary_person: {description: "CANARY ENTITY.", key: id, golden: hr.canary_reviews}
tables:
  hr.salaries: {description: "CANARY NOTE.", owner: canary@example.org, domain: canary}
  gold.customers: {columns: {canary_token: {description: "CANARY NOTE.", synonyms: [canary]}}}
joins:
  - {from: gold.customers.id, to: hr.salaries.id, many_to: one}
  - {from: gold.customers.canary_token, to: gold.products.name, many_to: one}
"""

VERIFIED = """
id: canary-query-{number}
questions: ["What do the canary people earn {number}?"]
sql: |
  {sql}
verified_by: "canary team"
verified_on: 2026-11-01
"""
VERIFIED_SQL = (
    "SELECT max(note) FROM hr.salaries WHERE note = 'CANARY LITERAL'",
    "SELECT count(*) FROM gold.customers WHERE canary_token = 'CANARY LITERAL'",
    "SELECT count(*) FROM gold.customers WHERE email = 'CANARY LITERAL'",
)

SETTINGS = """
[platform]
name = "Cage"
as_of = 2013-12-31
[warehouse]
path = "cage.duckdb"
[catalogue]
dbt = "target"
overlay = "catalogue.yaml"
verified = "verified"
[model]
name = "openai:scripted"
send = "rows"
[access]
policy = "policy.yaml"
"""


def build_cage(root: Path, *, more: str = "") -> Path:
    """Write the platform's files; `more` is SQL for the warehouse."""
    database = root / "cage.duckdb"
    with duckdb.connect(str(database)) as connection:
        for script in (
            (FIXTURES / "warehouse.sql").read_text(),
            DATA.replace("CREATE SCHEMA gold;", ""),
            SECRETS,
            more,
        ):
            execute(connection, script)
    set_age(database, seconds=60)
    write_dbt(root / "target")
    shutil.copy(MANIFEST, root / "target" / "semantic_manifest.json")
    (root / "policy.yaml").write_text(POLICY)
    (root / "catalogue.yaml").write_text(NOTES)
    (root / "platform.toml").write_text(SETTINGS)
    (root / "verified").mkdir()
    for number, sql in enumerate(VERIFIED_SQL):
        text = VERIFIED.replace("{number}", str(number)).replace("{sql}", sql)
        (root / "verified" / f"{number}.yaml").write_text(text)
    return root


def found_in(text: str) -> list[str]:
    """Return the canaries that a text holds; thousands may be separated in any way."""
    plain = text.lower().replace("%canary%", "")
    digits = plain.replace(",", "").replace("_", "").replace("\u202f", "").replace("\u00a0", "")
    found = ["canary"] if "canary" in plain else []
    return found + [number for number in NUMBERS if number in digits]


def as_text(value: object) -> str:
    """Return a value with all that is in it as text."""
    return json.dumps(value, ensure_ascii=False, default=repr)
