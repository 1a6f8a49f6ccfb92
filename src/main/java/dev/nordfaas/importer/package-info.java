/**
 * Turns OpenFaaS' {@code stack.yml} into the functions of a stack config. What the format means is
 * taken from faas-cli (stack/schema.go and stack/stack.go of go-sdk, commands/deploy.go) and
 * faas-netes (pkg/handlers).
 */
@NullMarked
package dev.nordfaas.importer;

import org.jspecify.annotations.NullMarked;
