-- SPDX-License-Identifier: GPL-2.0-or-later
-- How often a patch was acked, reviewed, tested; "" where it was not. is_brief: by abbreviations.
create or replace function patchmail.api_html_tags(patch_id int, is_brief boolean)
returns text language plpgsql stable parallel safe as $$
#variable_conflict use_column
begin
    return coalesce((
        select string_agg('<span class="tag" title="' || patchmail.api_html(g.name) || '">'
            || patchmail.api_html(case when is_brief then g.abbrev else g.name end) || '&#160;' || n.count
            || '</span>', ' ' order by g.id)
        from patchwork_patchtag n
        join patchwork_tag g on g.id = n.tag_id
        where n.patch_id = api_html_tags.patch_id and n.count > 0
    ), '');
end
$$;
