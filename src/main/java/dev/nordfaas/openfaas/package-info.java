/** Builders for OpenFaaS: gateway, provider, and its own queue. */
@NullMarked
package dev.nordfaas.openfaas;

import org.jspecify.annotations.NullMarked;
