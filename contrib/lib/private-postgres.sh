# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A PostgreSQL server of one's own, to be sourced: below one directory, on a unix socket
# only, owned by whoever calls. PostgreSQL refuses to run as root, so root's server
# runs as the user postgres (or nobody), which is the only difference.
#
#	. contrib/lib/private-postgres.sh
#	conninfo=$(pm_pg_start DIR) || exit		# keeps its data over a restart
#	conninfo=$(pm_pg_start DIR --throw-away)	# for tests: no fsync
#	psql "$conninfo"
#	pm_pg_stop DIR
#
# pm_pg_start prints a libpq string for the database "patchmail" with a role that may do
# everything in it; where the server runs already, it only prints. Messages go to stderr.
#
# The server's user must be able to reach DIR. Where it cannot (a checkout below /root), or where
# the path of the socket would be too long, the files live in a directory below
# /var/tmp, and DIR/data-elsewhere says where.

pm_pg_say() {
	printf '%s\n' "$*" >&2
}

# The newest server's programs. Debian keeps them out of PATH.
pm_pg_bindir() {
	local found
	if [ -n "${PM_PG_BINDIR:-}" ]; then
		printf '%s\n' "$PM_PG_BINDIR"
		return
	fi
	# shellcheck disable=SC2012 # versions have no odd names
	found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
	[ -n "$found" ] || found=$(command -v initdb) || {
		pm_pg_say "could not find PostgreSQL's initdb; apt-get install postgresql"
		return 1
	}
	dirname "$found"
}

# Who runs the server.
pm_pg_user() {
	if [ "$(id -u)" -ne 0 ]; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		echo postgres
	else
		echo nobody
	fi
}

# Runs a command as the server's user, with no terminal and from a place it may be in.
pm_pg_as() {
	if [ "$(id -u)" -ne 0 ]; then
		(cd / && "$@")
	else
		(cd / && setpriv --reuid "$(pm_pg_user)" --regid "$(id -gn "$(pm_pg_user)")" \
			--clear-groups env HOME=/ LC_ALL=C.UTF-8 "$@")
	fi
}

# A path of a unix socket has room for 107 bytes; "/.s.PGSQL.5432.lock" takes 19.
pm_pg_is_usable() {
	[ "${#1}" -le 80 ] && pm_pg_as test -w "$1" && pm_pg_as test -x "$1"
}

# Where the files of the server in DIR live; made if need be.
pm_pg_home() {
	local dir=$1 home owner
	if [ -s "$dir/data-elsewhere" ]; then
		home=$(cat "$dir/data-elsewhere")
		[ ! -d "$home" ] || { printf '%s\n' "$home"; return; }
	fi
	home=$dir/postgres
	owner=$(pm_pg_user)
	mkdir -p "$home" || return 1
	[ "$(id -u)" -ne 0 ] || chown "$owner" "$home" || return 1
	if ! pm_pg_is_usable "$home"; then
		rmdir "$home" 2>/dev/null
		home=$(mktemp -d /var/tmp/patchmail-postgres-XXXXXX) || return 1
		[ "$(id -u)" -ne 0 ] || chown "$owner" "$home" || return 1
		printf '%s\n' "$home" >"$dir/data-elsewhere"
		ln -sfn "$home" "$dir/postgres"
		pm_pg_say "the user $owner cannot use $dir: the database is in $home"
	fi
	chmod 700 "$home"
	printf '%s\n' "$home"
}

pm_pg_is_running() {
	[ -d "$2/data" ] && pm_pg_as "$1/pg_ctl" -D "$2/data" status >/dev/null 2>&1
}

pm_pg_init() {
	local bin=$1 home=$2
	[ -f "$home/data/PG_VERSION" ] && return
	pm_pg_as "$bin/initdb" -D "$home/data" -U patchmail -A trust -E UTF8 --locale=C.UTF-8 \
		--no-sync >"$home.initdb.log" 2>&1 || {
		pm_pg_say "could not create a database below $home:"
		tail -n 20 "$home.initdb.log" >&2
		return 1
	}
	rm -f "$home.initdb.log"
}

# pm_pg_start DIR [--throw-away]: prints the conninfo.
pm_pg_start() {
	local dir bin home settings
	mkdir -p "$1" && dir=$(cd "$1" && pwd) || return 1
	bin=$(pm_pg_bindir) || return 1
	home=$(pm_pg_home "$dir") || return 1
	pm_pg_init "$bin" "$home" || return 1
	settings="-c listen_addresses='' -c unix_socket_directories='$home'"
	if [ "${2:-}" = --throw-away ]; then
		settings="$settings -c fsync=off -c full_page_writes=off -c max_connections=200"
	fi
	if ! pm_pg_is_running "$bin" "$home"; then
		pm_pg_as "$bin/pg_ctl" -D "$home/data" -l "$home/data/log" -w -t 60 -s \
			-o "$settings" start >/dev/null || {
			pm_pg_say "could not start PostgreSQL; the end of $home/data/log:"
			tail -n 20 "$home/data/log" >&2
			return 1
		}
	fi
	if ! "$bin/psql" -X -q -h "$home" -U patchmail -d patchmail -c '' 2>/dev/null; then
		"$bin/createdb" -h "$home" -U patchmail patchmail || return 1
	fi
	printf 'host=%s user=patchmail dbname=patchmail\n' "$home"
}

# pm_pg_stop DIR [--remove]: stops it, and removes all of it.
pm_pg_stop() {
	local dir bin home
	dir=$(cd "$1" 2>/dev/null && pwd) || return 0
	[ -e "$dir/postgres" ] || return 0
	bin=$(pm_pg_bindir) || return 1
	home=$(pm_pg_home "$dir") || return 1
	if pm_pg_is_running "$bin" "$home"; then
		pm_pg_as "$bin/pg_ctl" -D "$home/data" -m fast -w -s stop >/dev/null || return 1
	fi
	if [ "${2:-}" = --remove ]; then
		rm -rf "$home" "$dir/postgres" "$dir/data-elsewhere"
	fi
}
