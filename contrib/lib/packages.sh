# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Installs what contrib/packages.txt lists and the machine lacks; to be sourced. Root is
# used for apt alone, and only if something is missing; sudo may ask for a password only
# where it is told that somebody sits there.
#
#	pm_packages_missing				prints the missing packages
#	pm_packages_install asking|silent		fails where it cannot install
#
# PM_PACKAGES_FOR=tests adds those that only tests want, "tests long" also those of tests/run --long. None of them is started by its package, since
# tests start what they need. Postfix is not installed in place of another mail server, and without
# a configuration, so that none runs afterwards.

pm_packages_list() {
	local package purpose
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$(dirname "${BASH_SOURCE[0]}")/../packages.txt" |
		while read -r package purpose; do
			[ -z "$purpose" ] || [[ " ${PM_PACKAGES_FOR:-} " == *" $purpose "* ]] || continue
			[ "$package" != postfix ] || [ ! -e /usr/sbin/sendmail ] || continue
			printf '%s\n' "$package"
		done
}

pm_packages_missing() {
	local package
	pm_packages_list | while read -r package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed' ||
			printf '%s\n' "$package"
	done
}

# What a package would start at once is not, where it is for tests: policy-rc.d says so while this runs.
# shellcheck disable=SC2016 # the inner shell expands it
pm_packages_apt='
	if [ "${0#tests}" != "$0" ] && [ ! -e /usr/sbin/policy-rc.d ]; then
		trap "rm -f /usr/sbin/policy-rc.d" EXIT
		printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
		chmod +x /usr/sbin/policy-rc.d
	fi
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"'

pm_packages_install() {
	local missing=() as_root=()
	if ! command -v dpkg-query >/dev/null; then
		echo "This is not Debian: install by yourself what contrib/packages.txt lists." >&2
		return 0
	fi
	mapfile -t missing < <(pm_packages_missing)
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		as_root=(sudo)
		[ "$1" = asking ] || as_root=(sudo -n)
		command -v sudo >/dev/null || as_root=(false)
	fi
	echo "Installing: ${missing[*]}" >&2
	if "${as_root[@]}" apt-get update -q >&2 &&
		echo 'postfix postfix/main_mailer_type select No configuration' |
		"${as_root[@]}" debconf-set-selections >&2 &&
		"${as_root[@]}" sh -c "$pm_packages_apt" "${PM_PACKAGES_FOR:-use}" "${missing[@]}" >&2; then
		return 0
	fi
	echo "could not install them; as root: apt-get install ${missing[*]}" >&2
	return 1
}
