create schema gold;
create schema "gold.x";
create table gold."x.y" as select 1 as a;
create table "gold.x".y as select 'SECRET' as a;
