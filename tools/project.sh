# shellcheck shell=bash
# The project that the tools work on: the nearest folder above them with a Pulumi.yaml. That is this
# checkout, or the repository that a release of them was unpacked into.

# project_root FOLDER: fails if there is none above it.
project_root() {
  local folder=$1
  until [[ -e $folder/Pulumi.yaml ]]; do
    if [[ $folder == / || -z $folder ]]; then
      printf 'project: error: there is no Pulumi.yaml above %s\n  why:  the tools work on the project that they are in\n  fix:  unpack them into a folder of the project, such as .nordfaas/VERSION\n' \
        "$1" >&2
      return 1
    fi
    folder=$(dirname -- "$folder")
  done
  printf '%s' "$folder"
}

# project_name ROOT: under which Pulumi keeps the project's state.
project_name() { sed -nE 's/^name: *["'\'']?([A-Za-z0-9_.-]+).*/\1/p' "$1/Pulumi.yaml" | sed -n 1p; }
