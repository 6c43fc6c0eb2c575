-- SPDX-License-Identifier: GPL-2.0-or-later
-- A text within a page, in an element or an attribute: nothing of it is markup. Control characters
-- are shown, for no document may hold them; carriage returns are dropped.
create or replace function patchmail.api_html(value text)
returns text language sql immutable parallel safe as $$
    select replace(replace(replace(replace(replace(case
        -- Looking for them first is what makes it fast.
        when value ~ E'[\u0001-\u0008\u000b-\u001f\u007f\ufffe\uffff]' then translate(value,
            E'\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013'
                '\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f\ufffe\uffff\r',
            E'\u2401\u2402\u2403\u2404\u2405\u2406\u2407\u2408\u240b\u240c\u240e\u240f\u2410\u2411\u2412\u2413'
                '\u2414\u2415\u2416\u2417\u2418\u2419\u241a\u241b\u241c\u241d\u241e\u241f\u2421\ufffd\ufffd')
        else coalesce(value, '') end,
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
$$;
