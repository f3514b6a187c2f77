#!/usr/bin/env bash
# Installs what the tests need, checks the layout of the code, builds, runs every test, prints the coverage.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only if all passed and every project ran some.
#   ./test.sh            everything
#   ./test.sh Host.Tests one project (no format check, no bar for the coverage)
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

only=${1:-}
results=artifacts/tests
log=$results/output.txt

say() { printf '\n== %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# Program, and the Debian package that has it.
needed='nc netcat-openbsd
bwrap bubblewrap
setpriv util-linux
prlimit util-linux
ps procps
script bsdutils
zsh zsh
fish fish
ip iproute2
openssl openssl'

install_missing() {
  local missing
  missing=$(while read -r program package; do
    command -v "$program" >/dev/null || echo "$package"
  done <<<"$needed" | sort -u | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # one word for each package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  else
    stop "The tests need programs that are not here. Install them and run again, on Debian or Ubuntu: sudo apt-get install $missing"
  fi
}

command -v dotnet >/dev/null || stop "There is no dotnet here. Install the SDK that global.json names: https://dotnet.microsoft.com/download"
command -v python3 >/dev/null || stop "There is no python3 here; the coverage figures are read with it. On Debian or Ubuntu: sudo apt-get install python3"
install_missing

mapfile -t projects < <(printf '%s\n' tests/*.Tests/*.Tests.csproj)
if [ -n "$only" ]; then
  projects=("tests/$only/$only.csproj")
  [ -f "${projects[0]}" ] || stop "There is no test project $only. There are: $(cd tests && echo *.Tests)"
fi

say "restore"
dotnet tool restore >/dev/null
dotnet restore AptTask.sln -v q

if [ -z "$only" ]; then
  say "layout of the code"
  dotnet csharpier check .
fi

say "build"
dotnet build AptTask.sln --no-restore -v q

say "tests"
rm -rf "$results"
mkdir -p "$results"
measure=(
  --coverlet --coverlet-output-format cobertura --coverlet-skip-auto-props
  --coverlet-include '[AptTask.*]*' --coverlet-include '[aptask*]*'
  --coverlet-exclude '[*.Tests]*' --coverlet-exclude '[AptTask.TestKit]*' --coverlet-exclude '[AptTask.Verify]*'
)
failures=0 passed=0 failed=0 skipped=0
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  # The architecture tests read the compiled code, so they must see it as it ships and not as coverage instruments it.
  coverage=("${measure[@]}")
  [ "$name" != Architecture.Tests ] || coverage=()
  # One project after the other: several of them start daemons and look at what those leave behind.
  dotnet test --project "$project" --no-build --no-progress --results-directory "$results/$name" "${coverage[@]}" \
    >"$log" 2>&1 && code=0 || code=$?
  read -r total p f s < <(awk '/^ *total:/{t=$2} /^ *failed:/{f=$2} /^ *succeeded:/{s=$2} /^ *skipped:/{k=$2}
    END{print t+0, s+0, f+0, k+0}' "$log")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if [ "$total" = 0 ]; then
    cat "$log"
    echo "$name ran no test"
    failures=$((failures + 1))
  elif [ "$code" != 0 ]; then
    cat "$log"
    failures=$((failures + 1))
  fi
  printf '%-22s %5d passed %3d failed %3d skipped\n' "$name" "$p" "$f" "$s"
done

say "coverage"
if [ -z "$only" ]; then
  python3 .ci/coverage.py "$results" --bar AptTask.Scheduling=95 || failures=$((failures + 1))
elif [ "$only" != Architecture.Tests ]; then
  python3 .ci/coverage.py "$results"
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failures" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
