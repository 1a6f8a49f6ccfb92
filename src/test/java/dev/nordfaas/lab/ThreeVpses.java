package dev.nordfaas.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** A class of end-to-end tests on three VPSes: {@code make lab-test STACK=lab3} runs it. */
@Tag("lab3")
@ExtendWith(ShowLabLogs.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ThreeVpses {}
