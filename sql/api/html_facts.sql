-- SPDX-License-Identifier: GPL-2.0-or-later
-- What is known of something, as a list: names as they are, values are markup, those that are null or
-- empty are left out.
create or replace function patchmail.api_html_facts(variadic facts text[])
returns text language sql immutable parallel safe as $$
    select '<dl>' || coalesce(string_agg('<div><dt>' || facts[i] || '</dt><dd>' || facts[i + 1] || '</dd></div>', ''
        order by i), '') || '</dl>'
    from generate_series(1, cardinality(facts), 2) i
    where facts[i + 1] <> ''
$$;
