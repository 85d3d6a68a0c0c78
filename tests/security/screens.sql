-- A view that leaves rows out by a join, where DuckDB evaluates what is asked of it before the join.
create table gold.regions as select 'EU' as region;
create view gold.screened as
select o.id, o.note from gold.orders o join gold.regions r on lower(o.region) = lower(r.region);
create view gold.screened_twice as select id, note from gold.screened;
create view gold.joined_in_the_open as
select a.region as one, b.region as two from gold.regions a join gold.regions b on a.region = b.region
