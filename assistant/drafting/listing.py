"""A listing as a draft: SQL written by rule, for the guard like any other."""

from datetime import timedelta

from assistant.answer import Confidence, Draft, Finding
from assistant.drafting.planning.lists import Listing, dimension_columns
from catalogue.catalogue import Catalogue
from catalogue.metric_sql import condition, literal
from catalogue.warehouse import quoted

MOST_ROWS = 1_000


def listing_draft(listing: Listing, catalogue: Catalogue, findings: tuple[Finding, ...]) -> Draft:
    """Return the draft of a list, with what it lists in words."""
    name = listing.table.full_name
    what = (
        f"the different values of {name}.{listing.columns[0].name}"
        if listing.is_distinct
        else f"the rows of {name}"
    )
    said = f"Ungoverned: nobody has defined this list. It shows {what}, at most {MOST_ROWS:,}."
    return Draft(
        kind="generated",
        sql=listing_sql(listing, catalogue),
        tables=(name,),
        findings=(*findings, Finding(level="info", code="ungoverned", message=said)),
        confidence=Confidence(
            band="medium",
            why=f"every word was matched to {name} and its columns, by rule and without a model",
            value=0.8,
        ),
    )


def listing_sql(listing: Listing, catalogue: Catalogue) -> str:
    """Return the SQL of a list, in the order of its first column."""
    table = listing.table
    names = [quoted(column.name) for column in listing.columns]
    wheres = [listing.row_condition] if listing.row_condition else []
    columns = dimension_columns(listing, catalogue.dimensions_by_name)
    for each in listing.where:
        data_type = columns[each.dimension].data_type
        literals = [literal(value, data_type=data_type) for value in each.values]
        wheres.append(condition(quoted(columns[each.dimension].name), each, literals))
    if listing.is_distinct:
        wheres.append(f"{names[0]} IS NOT NULL")
    if listing.period is not None and table.event_time:
        days = (listing.period.start, listing.period.end + timedelta(days=1))
        start, end = (literal(day.isoformat(), is_time=True) for day in days)
        time = quoted(table.event_time)
        wheres.append(f"{time} >= {start} AND {time} < {end}")
    where = f"\nWHERE {' AND '.join(wheres)}" if wheres else ""
    distinct = "DISTINCT " if listing.is_distinct else ""
    return (
        f"SELECT {distinct}{', '.join(names)}\nFROM {quoted(table.schema, table.name)}{where}\n"
        f"ORDER BY {names[0]}\nLIMIT {MOST_ROWS}"
    )
