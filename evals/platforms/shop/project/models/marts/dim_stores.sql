select * from {{ ref('stg_stores') }}
