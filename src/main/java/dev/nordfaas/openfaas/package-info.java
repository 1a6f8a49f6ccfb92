/** What OpenFaaS and the edge in front of it are made of. */
@NullMarked
package dev.nordfaas.openfaas;

import org.jspecify.annotations.NullMarked;
